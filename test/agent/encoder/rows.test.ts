import { expect, test } from 'vitest';
import { addRows, gatherRows } from '../../../agent/encoder/rows.ts';

test.each([1, 3, 4, 5, 8, 13])(
  'rows of %i numbers are gathered, and added to where they came from',
  (size) => {
    const table = Float32Array.from({ length: 3 * size }, (_, i) => i + 1);
    const index = Int32Array.of(2, 0, 2);
    const gathered = new Float32Array(3 * size);
    gatherRows(table, index, size, gathered);
    const row = (of: Float32Array, i: number) => [...of.subarray(i * size, (i + 1) * size)];
    expect([0, 1, 2].map((i) => row(gathered, i))).toEqual([2, 0, 2].map((i) => row(table, i)));

    const sums = new Float32Array(3 * size).fill(0.5);
    addRows(gathered, index, size, sums);
    expect(row(sums, 0)).toEqual(row(table, 0).map((value) => value + 0.5));
    expect(row(sums, 1)).toEqual(new Array(size).fill(0.5));
    expect(row(sums, 2)).toEqual(row(table, 2).map((value) => 2 * value + 0.5));
  },
);
