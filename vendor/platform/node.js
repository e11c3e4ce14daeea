import { createHash } from 'node:crypto';

export function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export const areEqual = (a, b) => Buffer.compare(a, b) === 0;

const { compare } = Buffer.prototype;
export const areEqualParts = (a, startA, b, startB, length) =>
  compare.call(a, b, startB, startB + length, startA, startA + length) === 0;

export const toBase64 = (bytes) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

export const fromBase64 = (text) => Buffer.from(text, 'base64');
