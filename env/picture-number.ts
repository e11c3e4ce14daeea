import { sha256 } from '#platform';
import type { Frame } from './contract.ts';

/**
 * Names a picture by its content: the first 52 bits of SHA-256 over its size and its pixels. The name is the same in every
 * process, so it also serves as the hash of a step in a replay file.
 */
export function pictureHash({ pixels, height, width }: Frame): number {
  const digest = sha256(`${height} ${width} `, pixels);
  return Number(new DataView(digest.buffer, digest.byteOffset).getBigUint64(0) >> 12n);
}
