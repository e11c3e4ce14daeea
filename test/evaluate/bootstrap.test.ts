import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { createBootstrap } from '../../src/evaluate/bootstrap.ts';

describe('bootstrap interval of a mean', () => {
  const interval = createBootstrap();

  it('is null for fewer than two values', () => {
    expect(interval([])).toBeNull();
    expect(interval([3])).toBeNull();
    // Of two it would always be from the one to the other.
    expect(interval([0, 1])).toBeNull();
  });

  it('is a point where all values are the same', () => {
    expect(interval([2, 2, 2])).toEqual([2, 2]);
  });

  // The mean of n draws from n values, one of them 1 and the others 0, is k / n with k binomial(n, 1/n).
  it.each([
    { values: [0, 0, 1], expected: [0, 1], why: 'P(1) = 1/27 > 2.5 %' },
    { values: [0, 0, 0, 1], expected: [0, 3 / 4], why: 'P(1) = 0.4 %, P(≥ 3/4) = 5.1 %' },
    { values: [0, 0, 0, 0, 1], expected: [0, 3 / 5], why: 'P(≥ 4/5) = 0.7 %, P(≥ 3/5) = 5.8 %' },
  ])('is $expected for $values, since $why', ({ values, expected }) => {
    expect(interval(values)).toEqual(expected);
  });

  it('narrows with less confidence', () => {
    // P(0) = 8/27, P(1/3) = 12/27, P(2/3) = 6/27, P(1) = 1/27: the middle 40 % are at 1/3 and 2/3.
    const middle = createBootstrap({ confidence: 0.4 });
    expect(middle([0, 0, 1])).toEqual([1 / 3, expect.closeTo(1 / 3, 10)]);
  });

  it('depends on the values and the seed alone', () => {
    const values = [9.1, 9.7, 8.2, 9.9, 9.4];
    const first = interval(values);
    interval([1, 2, 3]);
    expect(interval(values)).toEqual(first);
    expect(createBootstrap()(values)).toEqual(first);
    expect(createBootstrap({ seed: 'another', resamples: 99 })(values)).not.toEqual(first);
  });

  it('leaves its argument as it was', () => {
    const values = Object.freeze([3, 1, 2]);
    interval(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('covers the true mean as often as it says', () => {
    const random = seedrandom('coverage');
    const quick = createBootstrap({ resamples: 1_000 });
    const trials = 1_000;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const sample = Array.from({ length: 40 }, () => random());
      const [low, high] = quick(sample)!;
      if (low <= 0.5 && 0.5 <= high) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.92);
    expect(covered / trials).toBeLessThan(0.97);
  });
});
