import { expect, test } from 'vitest';
import type { UpdateReport } from '../../src/train/trainer.ts';
import { Window } from '../../src/train/window.ts';

function report(n: number, episodes: UpdateReport['episodes']): UpdateReport {
  return {
    episodes,
    policyLoss: -n,
    valueLoss: n,
    entropy: n / 10,
    explainedVariance: 1 / n,
    gradientNorm: 2 * n,
    learningRate: 0.001,
    distinctShare: n / 8,
  };
}

const reports = [
  report(1, [{ return: 10, length: 4, metrics: { arrived: 1, error: 2 } }]),
  report(3, [
    { return: 0, length: 8, metrics: { arrived: 0 } },
    { return: 5, length: 6, metrics: { arrived: 1, error: Number.NaN } },
  ]),
  report(2, []),
];

test('means go over the episodes, the episodes that have the metric as a number, and the updates', () => {
  const window = new Window();
  for (const each of reports) window.add(each);
  expect(window.means).toEqual({
    episodes: 3,
    reward: 5,
    length: 6,
    metrics: { arrived: 2 / 3, error: 2 },
    policyLoss: -2,
    valueLoss: 2,
    entropy: expect.closeTo(0.2, 12),
    explainedVariance: expect.closeTo((1 + 1 / 3 + 1 / 2) / 3, 12),
    gradientNorm: 4,
    distinctShare: 0.25,
  });
});

test('where no episode ended there is no reward', () => {
  const window = new Window();
  window.add(reports[2]!);
  expect(window.means).toMatchObject({
    episodes: 0,
    reward: Number.NaN,
    metrics: {},
    valueLoss: 2,
  });
});

test('saved as JSON and restored, it continues as if never interrupted', () => {
  const window = new Window();
  const later = new Window();
  window.add(reports[0]!);
  later.add(reports[2]!);
  later.restore(JSON.parse(JSON.stringify(window.state())));
  for (const each of [window, later]) for (const next of reports.slice(1)) each.add(next);
  expect(later.means).toEqual(window.means);
  expect(later.state()).toEqual(window.state());
  later.clear();
  expect(later.means.episodes).toBe(0);
});
