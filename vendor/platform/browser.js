import { sha256 as digester } from '@noble/hashes/sha2.js';

const utf8 = new TextEncoder();

export function sha256(...parts) {
  const hash = digester.create();
  for (const part of parts) hash.update(typeof part === 'string' ? utf8.encode(part) : part);
  return hash.digest();
}

export function areEqual(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function areEqualParts(a, startA, b, startB, length) {
  for (let i = 0; i < length; i++) if (a[startA + i] !== b[startB + i]) return false;
  return true;
}

export function toBase64(bytes) {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export const fromBase64 = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
