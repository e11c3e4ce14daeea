import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interquartileMean, probabilityOfImprovement } from '../../src/evaluate/statistics.ts';

test('the interquartile mean leaves a quarter of the values out at either end, rounded down', () => {
  expect(interquartileMean([100, 1, 2, 3, -50])).toBe(2);
  expect(interquartileMean([0, 1, 2, 3, 4, 5, 6, 100])).toBe(3.5);
  expect(interquartileMean([1, 2, 6])).toBe(3);
  expect(interquartileMean([7])).toBe(7);
});

test('the probability of improvement counts pairs, ties half', () => {
  expect(probabilityOfImprovement([2, 3], [1, 1, 1])).toBe(1);
  expect(probabilityOfImprovement([1, 3], [2, 2])).toBe(0.5);
  expect(probabilityOfImprovement([1, 2], [1, 2])).toBe(0.5);
  expect(probabilityOfImprovement([1], [2, 3, 0])).toBeCloseTo(1 / 3, 12);
});

test('two agents’ probabilities of improvement over each other sum to one', () => {
  const values = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(values, values, (a, b) => {
      expect(probabilityOfImprovement(a, b) + probabilityOfImprovement(b, a)).toBeCloseTo(1, 12);
    }),
  );
});
