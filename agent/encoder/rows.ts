/**
 * Rows of a table by their numbers, one after another.
 * @param table [≥ rows, size]
 * @param index [n]
 * @param into [n, size]
 */
export function gatherRows(
  table: Float32Array,
  index: Int32Array,
  size: number,
  into: Float32Array,
): Float32Array {
  for (const [i, row] of index.entries()) {
    into.set(table.subarray(row * size, (row + 1) * size), i * size);
  }
  return into;
}

/**
 * The gradient of `gatherRows`: adds each row to the one that it was taken from, in order.
 * @param rows [n, size]
 * @param index [n]
 * @param into [≥ rows, size]
 */
export function addRows(
  rows: Float32Array,
  index: Int32Array,
  size: number,
  into: Float32Array,
): void {
  for (let i = 0, from = 0; i < index.length; i++) {
    for (let at = index[i]! * size, end = at + size; at < end; at++) into[at]! += rows[from++]!;
  }
}
