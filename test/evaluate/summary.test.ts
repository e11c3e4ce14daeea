import { describe, expect, it } from 'vitest';
import type { Evaluation, Row } from '../../src/evaluate/results.ts';
import { SummaryError, summarise } from '../../src/evaluate/summary.ts';
import { COINS, makeEvaluations, range } from '../render/evaluations.ts';

const row = (number: number, figures: Partial<Row> = {}): Row => ({
  number,
  episodes: 100,
  meanReward: 10,
  exact: 1,
  arrived: 1,
  meanArrival: number,
  neverArrived: 0,
  ...figures,
});

const evaluation = (rows: readonly Row[], about: Partial<Evaluation> = {}): Evaluation => ({
  run: `runs/${about.label ?? 'nac'}-${about.seed ?? 1}`,
  label: 'nac',
  seed: 1,
  frames: 1000,
  number: { symbol: 't', meaning: 'time', countsSteps: true },
  maxReward: 10,
  trainingRange: [5, 12],
  policy: 'greedy',
  rows,
  ...about,
});

describe('summary', () => {
  it('averages over seeds, and arrival over the episodes that arrived', () => {
    const summary = summarise([
      evaluation([row(9, { meanReward: 8, exact: 0.5, meanArrival: 10 })]),
      evaluation(
        [row(9, { meanReward: 2, exact: 0.1, arrived: 0.25, meanArrival: 20, neverArrived: 0.75 })],
        { seed: 2 },
      ),
      evaluation(
        [row(9, { meanReward: 2, exact: 0, arrived: 0, meanArrival: null, neverArrived: 1 })],
        { seed: 3 },
      ),
    ]);
    const [nac] = summary.agents;
    expect(nac?.seeds).toEqual([1, 2, 3]);
    expect(nac?.numbers).toEqual([
      {
        number: 9,
        seeds: 3,
        reward: { mean: 4, interval: [2, 8] },
        exact: { mean: expect.closeTo(0.2), interval: [0, 0.5] },
        meanArrival: 12,
        neverArrived: expect.closeTo(1.75 / 3),
      },
    ]);
  });

  it('has no interval for one seed and no arrival where nobody arrived', () => {
    const rows = [row(9, { arrived: 0, meanArrival: null, neverArrived: 1 })];
    const [number] = summarise([evaluation(rows)]).agents[0]!.numbers;
    expect(number).toMatchObject({ seeds: 1, meanArrival: null, reward: { interval: null } });
  });

  it('keeps agents in order of appearance and numbers ascending, each with the seeds it has', () => {
    const summary = summarise([
      evaluation([row(20), row(5)], { label: 'zeta' }),
      evaluation([row(5)], { label: 'alpha' }),
      evaluation([row(5, { episodes: 50 })], { label: 'zeta', seed: 2 }),
    ]);
    expect(summary.agents.map(({ label }) => label)).toEqual(['zeta', 'alpha']);
    expect(summary.agents[0]!.numbers.map(({ number, seeds }) => [number, seeds])).toEqual([
      [5, 2],
      [20, 1],
    ]);
    expect(summary.episodes).toEqual([50, 100]);
  });

  it('tells the longest stretch of numbers that an agent does well at', () => {
    const rewards = [9, 9.5, 9.6, 9.4, 9.7, 9.8, 9.9, 3];
    const rows = rewards.map((meanReward, k) => row(5 + k, { meanReward, exact: 0.89 }));
    const [nac] = summarise([evaluation(rows)]).agents;
    expect(nac).toMatchObject({ nearMaximum: [9, 11], mostlyExact: null });
  });

  it('drops the training range where agents differ in it', () => {
    const other = evaluation([row(5)], { label: 'baseline', trainingRange: [5, 20] });
    expect(summarise([evaluation([row(5)])]).trainingRange).toEqual([5, 12]);
    expect(summarise([evaluation([row(5)]), other]).trainingRange).toBeNull();
  });

  it.each([
    [{ maxReward: 1 }, 'runs/nac-1 can earn 10 at most and runs/nac-2 1: '],
    [
      { number: COINS },
      'asked for t (time) and runs/nac-2 for k (coins): compare runs of one world',
    ],
    [{ policy: 'sample' as const }, 'greedy policy and runs/nac-2 with the sample policy'],
    [{ seed: 1, run: 'runs/again' }, 'runs/nac-1 and runs/again are both agent nac with seed 1'],
  ])('refuses to mix %o', (difference, sentence) => {
    const other = evaluation([row(5)], { seed: 2, ...difference });
    const mixed = () => summarise([evaluation([row(5)]), other]);
    expect(mixed).toThrow(SummaryError);
    expect(mixed).toThrow(sentence);
  });

  it('refuses to summarise nothing', () => {
    expect(() => summarise([])).toThrow('There is no evaluation to summarise');
    expect(() => summarise([evaluation([])])).toThrow('There is no evaluation to summarise');
  });

  it('takes a thousand numbers and three seeds in its stride', () => {
    const summary = summarise(makeEvaluations(['nac'], [1, 2, 3], range(1, 1000)));
    expect(summary.agents[0]!.numbers).toHaveLength(1000);
  });
});
