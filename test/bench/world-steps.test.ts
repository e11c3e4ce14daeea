import { expect, test } from 'vitest';
import { worldStepsPerSecond } from '../../src/bench/world-steps.ts';

test('measures as often as asked and reports the median', () => {
  const options = { pixels: 36 };
  const result = worldStepsPerSecond({ options, worlds: 4, seconds: 0.01, repeats: 3 });
  expect(result).toMatchObject({ id: 'TimedGrid-v0', options, worlds: 4, pixels: [36, 36, 3] });
  const { median, min, runs } = result.stepsPerSecond;
  expect(runs).toHaveLength(3);
  expect(median).toBe(runs.toSorted((a, b) => a - b)[1]);
  expect(min).toBeGreaterThan(0);
});
