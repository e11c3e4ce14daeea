import { expect, test } from 'vitest';
import { alignLines, heightAt } from '../../viewer/charts/aligned-lines.ts';

const isFar = (from: number, to: number) => to - from > 2;

test('lines share their places, and continue across those of others', () => {
  const { x, lines } = alignLines([
    new Map([
      [1, 10],
      [3, 30],
    ]),
    new Map([[2, 5]]),
  ]);
  expect(x).toEqual([1, 2, 3]);
  expect(lines).toEqual([
    [10, undefined, 30],
    [undefined, 5, undefined],
  ]);
  expect(heightAt(x, lines[0]!, 2)).toBe(20);
});

test('between points that are far apart, nothing is drawn or read', () => {
  const [near, far] = [
    new Map([
      [1, 10],
      [2, 20],
    ]),
    new Map([
      [2, 5],
      [8, 0],
    ]),
  ];
  const { x, lines } = alignLines([near, far], isFar);
  expect(x).toEqual([1, 2, 5, 8]);
  expect(lines[0]).toEqual([10, 20, undefined, undefined]);
  expect(lines[1]).toEqual([undefined, 5, null, 0]);
  expect(heightAt(x, lines[1]!, 4)).toBeNull();
  expect(heightAt(x, lines[1]!, 8)).toBe(0);
});

test('a gap continues across the places of other lines', () => {
  const all = new Map([1, 2, 3, 4, 5, 6].map((at) => [at, at]));
  const { lines } = alignLines([all, new Map([1, 6].map((at) => [at, 1]))], isFar);
  expect(lines[1]!.filter((height) => height === undefined)).toEqual([]);
  expect(lines[1]!.filter((height) => height === null).length).toBe(5);
});
