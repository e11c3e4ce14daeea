import { createHash } from 'node:crypto';
import type { Frame } from './contract.ts';

/**
 * Names a picture by its content: the first 52 bits of SHA-256 over its size and its pixels. The name is the same in every
 * process, so it also serves as the hash of a step in a replay file.
 */
export function pictureHash({ pixels, height, width }: Frame): number {
  const digest = createHash('sha256').update(`${height} ${width} `).update(pixels).digest();
  return Number(digest.readBigUInt64BE() >> 12n);
}
