/** The array itself where it is long enough, else a copy of at least one and a half times its length, zero in what is added. */
export function grown<A extends Float32Array | Int32Array | Uint8Array>(
  array: A,
  length: number,
): A {
  if (array.length >= length) return array;
  const larger = new (array.constructor as new (length: number) => A)(
    Math.max(length, Math.ceil(1.5 * array.length)),
  );
  larger.set(array);
  return larger;
}
