import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Box, Discrete, EnvError, Random } from '../../env/index.ts';

test('a box contains arrays of its type, size and bounds only', () => {
  const box = new Box([2, 2], 'uint8', 1, 200);
  expect(box.length).toBe(4);
  expect(box.contains(Uint8Array.of(1, 2, 3, 200))).toBe(true);
  expect(box.contains(Uint8Array.of(0, 2, 3, 4))).toBe(false);
  expect(box.contains(Uint8Array.of(1, 2, 3, 201))).toBe(false);
  expect(box.contains(Uint8Array.of(1, 2, 3))).toBe(false);
  expect(box.contains(Float32Array.of(1, 2, 3, 4))).toBe(false);
  expect(box.contains([1, 2, 3, 4])).toBe(false);
  expect(new Box([1], 'float32', 0, 1).contains(Float32Array.of(Number.NaN))).toBe(false);
  expect(new Box([0], 'float32', 0, 0).contains(new Float32Array(0))).toBe(true);
});

test('spaces contain what they sample, which fills them', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(200), fc.integer({ min: 1, max: 50 }), (seed, low, span) => {
      const random = new Random(seed);
      for (const dtype of ['uint8', 'float32'] as const) {
        const box = new Box([3, 2], dtype, low, low + span);
        const sample = box.sample(random);
        expect(box.contains(sample)).toBe(true);
      }
      const discrete = new Discrete(Array.from({ length: span }, (_, i) => `${i}`));
      expect(discrete.contains(discrete.sample(random))).toBe(true);
    }),
    { seed: 3 },
  );
  const random = new Random(0);
  const seen = new Set(new Box([1000], 'uint8', 3, 6).sample(random));
  expect([...seen].sort()).toEqual([3, 4, 5, 6]);
});

test('a discrete space contains its numbers only', () => {
  const space = new Discrete(['a', 'b', 'c']);
  expect(space.n).toBe(3);
  expect([0, 1, 2].every((value) => space.contains(value))).toBe(true);
  expect([-1, 3, 0.5, Number.NaN, '1', undefined].some((value) => space.contains(value))).toBe(
    false,
  );
});

test('spaces that make no sense are refused', () => {
  expect(() => new Discrete([])).toThrow(EnvError);
  expect(() => new Box([1], 'uint8', 0, 256)).toThrow('a uint8 box cannot reach from 0 to 256');
  expect(() => new Box([1], 'float32', 1, 0)).toThrow(EnvError);
  expect(() => new Box([1], 'float32', 0, Infinity)).toThrow(EnvError);
  expect(() => new Box([1.5], 'float32', 0, 1)).toThrow('a shape must be whole numbers');
});
