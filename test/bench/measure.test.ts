import { describe, expect, test } from 'vitest';
import { spread, unitsPerSecond } from '../../src/bench/measure.ts';

describe('the spread of runs', () => {
  test.each([
    [[5], { median: 5, min: 5, max: 5 }],
    [[4, 1], { median: 2.5, min: 1, max: 4 }],
    [[9, 1, 4], { median: 4, min: 1, max: 9 }],
    [[8, 2, 6, 1], { median: 4, min: 1, max: 8 }],
  ])('of %j', (runs, expected) => {
    expect(spread(runs)).toEqual({ ...expected, runs });
  });
});

describe('units per second', () => {
  test('calls the work at least once a run', async () => {
    let calls = 0;
    const { runs } = await unitsPerSecond(10, () => calls++, { seconds: 1e-9, repeats: 4 });
    expect(runs).toHaveLength(4);
    expect(calls).toBe(4);
  });

  test('waits for the work', async () => {
    const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
    const { max } = await unitsPerSecond(2, pause, { seconds: 0.05, repeats: 1 });
    expect(max).toBeGreaterThan(0);
    expect(max).toBeLessThan(2 / 0.018);
  });

  test('counts the units of every call', async () => {
    let calls = 0;
    const start = performance.now();
    const { runs } = await unitsPerSecond(7, () => calls++, { seconds: 0.02, repeats: 1 });
    const seconds = (performance.now() - start) / 1000;
    expect(runs[0]).toBeGreaterThanOrEqual((7 * calls) / seconds);
    expect(runs[0]).toBeLessThanOrEqual((7 * calls) / 0.02);
  });
});
