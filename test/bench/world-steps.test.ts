import { expect, test } from 'vitest';
import { worldStepsPerSecond } from '../../src/bench/world-steps.ts';

test('measures as often as asked and reports the median', () => {
  const result = worldStepsPerSecond({ worlds: 4, seconds: 0.01, repeats: 3 });
  expect(result).toMatchObject({ id: 'TimedGrid-v0', worlds: 4, pixels: [56, 56, 3] });
  const { median, min, runs } = result.stepsPerSecond;
  expect(runs).toHaveLength(3);
  expect(median).toBe(runs.toSorted((a, b) => a - b)[1]);
  expect(min).toBeGreaterThan(0);
});
