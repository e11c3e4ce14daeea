import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { EnvError, Random } from '../../env/index.ts';

const draws = (random: Random, count = 20) => Array.from({ length: count }, () => random.uniform());

test('the same seed gives the same numbers, another seed others', () => {
  expect(draws(new Random(1))).toEqual(draws(new Random('1')));
  expect(draws(new Random(1))).not.toEqual(draws(new Random(2)));
  expect(draws(new Random())).not.toEqual(draws(new Random()));
});

test('the sequence of a seed is fixed for good, since published results depend on it', () => {
  expect(draws(new Random('timegrid'), 3)).toMatchInlineSnapshot(`
    [
      0.5687527847381663,
      0.864690889485106,
      0.595394752662227,
    ]
  `);
});

test('a saved state continues with the same numbers, and taking it changes nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.double()), fc.nat(300), (seed, before) => {
      const random = new Random(seed);
      draws(random, before);
      const state = JSON.parse(JSON.stringify(random.state()));
      expect(draws(Random.restore(state))).toEqual(draws(random));
    }),
    { seed: 4 },
  );
});

test('whole numbers reach both ends, evenly', () => {
  const random = new Random('evenly');
  const counts = new Map<number, number>();
  for (let i = 0; i < 8000; i++) {
    const value = random.integer(-3, 4);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  expect([...counts.keys()].sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3, 4]);
  const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  // 7 degrees of freedom: one seed in a thousand exceeds 24.3.
  expect(chiSquare).toBeLessThan(24.3);
});

test.each([null, {}, { i: 0, j: 0, S: [1, 2] }, { i: 0, j: 0, S: Array(256).fill(1) }])(
  'state %# is refused',
  (state) => {
    expect(() => Random.restore(state)).toThrow(EnvError);
  },
);
