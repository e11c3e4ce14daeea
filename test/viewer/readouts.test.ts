import { expect, test } from 'vitest';
import { formatNumber } from '../../viewer/format-number.ts';
import { countBySize, saturatedShare } from '../../viewer/readouts/weight-sizes.ts';

test('weights are counted by size, and as saturated if they are at −1, 0 or 1', () => {
  const weights = [-1, -0.97, -0.5, 0.04, 0, 0.06, 0.94, 1];
  expect(saturatedShare(weights)).toBe(5 / 8);
  expect(saturatedShare([])).toBe(0);
  const counts = countBySize(weights);
  expect(counts).toHaveLength(21);
  expect([counts[0], counts[5], counts[10], counts[11], counts[20]]).toEqual([2, 1, 2, 1, 1]);
});

test('a number has a real minus sign, and zero is never negative', () => {
  const numbers = [
    formatNumber(-0.62),
    formatNumber(3),
    formatNumber(-0.04),
    formatNumber(-2.345, 2),
  ];
  expect(numbers).toEqual(['−0.6', '3.0', '0.0', '−2.35']);
});
