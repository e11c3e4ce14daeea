import { expect, test } from 'vitest';
import { DrawnNumbers } from '../../src/numeracy/drawn-numbers.ts';

test('numbers depend on their key alone, and differ between keys', () => {
  const draw = (key: string) => [...new DrawnNumbers(key).fill(new Float32Array(8), 0, 1)];
  expect(draw('a/1/2')).toEqual(draw('a/1/2'));
  const keys = Array.from({ length: 2000 }, (_, i) => `train/${i % 40}/${Math.floor(i / 40)}`);
  expect(new Set(keys.map((key) => new DrawnNumbers(key).uniform())).size).toBe(keys.length);
});

test('the first numbers of many keys, and many of one key, are spread evenly', () => {
  const first = Array.from({ length: 20_000 }, (_, i) => new DrawnNumbers(`step/${i}`).uniform());
  const one = [...new DrawnNumbers('one').fill(new Float64Array(20_000), 0, 1)];
  for (const values of [first, one]) {
    const counts = new Array(20).fill(0);
    for (const value of values) counts[Math.floor(value * 20)] += 1;
    // χ² of 19 degrees of freedom is above 43.8 once in a thousand; the keys are fixed.
    const chi = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chi).toBeLessThan(43.8);
  }
});

test('whole numbers take every value of their range; normal ones have mean 0 and deviation 1', () => {
  const numbers = new DrawnNumbers('more');
  expect(new Set(Array.from({ length: 500 }, () => numbers.integer(3, 7)))).toEqual(
    new Set([3, 4, 5, 6, 7]),
  );
  const normals = Array.from({ length: 20_000 }, () => numbers.normal());
  const mean = normals.reduce((a, b) => a + b, 0) / normals.length;
  const variance = normals.reduce((a, b) => a + (b - mean) ** 2, 0) / normals.length;
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.05);
});
