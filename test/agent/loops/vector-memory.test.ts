import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainLoops } from '../../../agent/loops/loops.ts';
import { sharedVectors, simdLoops } from '../../../agent/loops/vector-memory.ts';
import { Random } from '../../../env/index.ts';

/** Four vectors in memory of WebAssembly, and copies of them elsewhere; `start` elements before them belong to another slice. */
function fourOf(length: number, start: number, seed: number) {
  const { vectors, memory } = sharedVectors(start + length, 4);
  const random = new Random(seed);
  for (const [which, vector] of vectors.entries()) {
    for (let i = 0; i < vector.length; i++) {
      // From zero over tiny numbers to those of any parameter; the means of squares are not negative.
      const size = random.uniform() < 0.1 ? 0 : 10 ** (6 * random.uniform() - 6);
      vector[i] = size * (which === 3 ? 1 : 2 * random.uniform() - 1);
    }
  }
  const part = vectors.map((vector) => vector.subarray(start));
  return { part, copy: part.map((vector) => vector.slice()), vectors, loops: simdLoops(memory!) };
}

const bitsOf = (vectors: readonly Float32Array[]): Buffer =>
  Buffer.concat(vectors.map((one) => Buffer.from(one.slice().buffer)));

const anyWork = fc.record({
  length: fc.integer({ min: 0, max: 70 }),
  start: fc.constantFrom(0, 16, 48),
  seed: fc.nat(),
});

describe('in WebAssembly', () => {
  test('a step of Adam has the bits of plain loops', () => {
    const step = fc.record({
      beta1: fc.double({ min: 0, max: 0.99, noNaN: true }),
      beta2: fc.double({ min: 0.5, max: 0.9999, noNaN: true }),
      gradientScale: fc.double({ min: 1e-3, max: 1, noNaN: true }),
      rate: fc.double({ min: 1e-5, max: 0.1, noNaN: true }),
      rootFactor: fc.double({ min: 1, max: 30, noNaN: true }),
      epsilon: fc.constantFrom(1e-8, 1e-5, 0.1),
    });
    fc.assert(
      fc.property(anyWork, step, ({ length, start, seed }, numbers) => {
        const { part, copy, loops } = fourOf(length, start, seed);
        const named = ([parameters, gradient, mean, square]: Float32Array[]) => ({
          ...{ parameters: parameters!, gradient: gradient!, mean: mean!, square: square! },
        });
        for (let i = 0; i < 3; i++) {
          loops.adam(named(part), numbers);
          plainLoops.adam(named(copy), numbers);
        }
        expect(bitsOf(part).equals(bitsOf(copy))).toBe(true);
      }),
      { seed: 20181, numRuns: 200 },
    );
  });

  test('sums and norms have the bits of plain loops', () => {
    fc.assert(
      fc.property(anyWork, ({ length, start, seed }) => {
        const { part, copy, loops } = fourOf(length, start, seed);
        loops.add(part[0]!, part[1]!);
        plainLoops.add(copy[0]!, copy[1]!);
        expect(bitsOf(part).equals(bitsOf(copy))).toBe(true);
        for (const [i, vector] of part.entries()) {
          expect(loops.squaredNorm(vector)).toBe(plainLoops.squaredNorm(copy[i]!));
        }
      }),
      { seed: 20181, numRuns: 200 },
    );
  });

  test('nothing is changed outside of a slice', () => {
    const { vectors, loops } = fourOf(30, 16, 1);
    const before = bitsOf(vectors.map((vector) => vector.slice(0, 16)));
    const after = vectors.map((vector) => vector[45]);
    const [a, b] = vectors.map((vector) => vector.subarray(16, 45));
    loops.add(a!, b!);
    expect(bitsOf(vectors.map((vector) => vector.slice(0, 16))).equals(before)).toBe(true);
    expect(vectors.map((vector) => vector[45])).toEqual(after);
  });
});

test('vectors begin at whole cache lines and are zero', () => {
  const { vectors, memory } = sharedVectors(17, 3);
  expect(vectors.map(({ byteOffset }) => byteOffset)).toEqual([0, 128, 256]);
  for (const vector of vectors) expect([...vector]).toEqual(new Array(17).fill(0));
  expect(vectors[0]!.buffer).toBe(memory!.buffer);
});
