/** SHA-256 of texts, as UTF-8, and bytes, one after the other. */
export function sha256(...parts: readonly (string | Uint8Array)[]): Uint8Array;

/** Whether two arrays hold the same bytes. */
export function areEqual(a: Uint8Array, b: Uint8Array): boolean;

/** Whether `length` bytes of two arrays, from a place in each on, are the same; without making views of them. */
export function areEqualParts(
  a: Uint8Array,
  startA: number,
  b: Uint8Array,
  startB: number,
  length: number,
): boolean;

export function toBase64(bytes: Uint8Array): string;

/** @param text base64 as `toBase64` writes it */
export function fromBase64(text: string): Uint8Array;
