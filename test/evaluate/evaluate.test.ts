import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { register } from '../../env/index.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { evaluateRun } from '../../src/evaluate/evaluate-run.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { noise } from './noise.ts';
import { type SavedRun, saveRun, TINY_GRID } from './saved-run.ts';

register(noise);

const options = { numbers: [2, 3, 8], episodes: 10, threads: 0 };

/** A folder of runs by name. */
function newRuns(runs: Readonly<Record<string, SavedRun>>): string {
  const folder = temporaryFolder();
  for (const [name, run] of Object.entries(runs)) saveRun(join(folder, name), run);
  return folder;
}

const baseline = { pathway: 'baseline' } as const;

test('seeds of the same agent are grouped, agents stay apart', async () => {
  const folder = newRuns({
    a: { config: baseline, seed: 1 },
    b: { config: baseline, seed: 2 },
    c: { config: baseline, seed: 3 },
    d: { seed: 1 },
  });
  const runs = ['a', 'b', 'c', 'd'].map((name) => join(folder, name));
  const { evaluations, summary, notes } = await evaluate(runs, options);
  expect(notes).toEqual([]);
  for (const [i, run] of runs.entries()) {
    expect(evaluations[i]).toEqual(await evaluateRun(run, options));
  }
  expect(summary.agents.map(({ label, seeds }) => [label, seeds])).toEqual([
    ['baseline', [1, 2, 3]],
    ['nac', [1]],
  ]);
  expect(summary.agents[0]!.numbers[0]!.reward.interval).not.toBeNull();
});

test('the label of every evaluation says what differs', async () => {
  const folder = newRuns({ a: {}, b: { config: { lstm: 12 } } });
  const { evaluations } = await evaluate([folder], options);
  expect(evaluations.map(({ label }) => label)).toEqual(['nac, lstm 8', 'nac, lstm 12']);
});

describe('which runs', () => {
  test('a folder stands for the runs in it, in the order of their numbers', async () => {
    const folder = newRuns({ 'nac-10': { seed: 10 }, 'nac-9': { seed: 9 } });
    const { evaluations } = await evaluate([folder], options);
    expect(evaluations.map(({ run }) => run)).toEqual([
      join(folder, 'nac-9'),
      join(folder, 'nac-10'),
    ]);
  });

  test('links to one run in a folder count once; one that is named twice is refused', async () => {
    const folder = newRuns({ a: {} });
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    symlinkSync(a, b);
    const { evaluations } = await evaluate([folder], options);
    expect(evaluations.map(({ run }) => run)).toEqual([a]);
    await expect(evaluate([a, a])).rejects.toThrow(`${a} is named twice: name each run once`);
    await expect(evaluate([a, b])).rejects.toThrow(`${b} and ${a} are the same run: name each`);
    await expect(evaluate([folder, a])).rejects.toThrow(`${a} is named twice`);
  });
});

test('by default the numbers go from the least to far beyond the greatest of any training', async () => {
  const folder = newRuns({
    a: { envOptions: { ...TINY_GRID, timeMin: 1, timeMax: 2 } },
    b: { envOptions: { ...TINY_GRID, timeMin: 2, timeMax: 3 }, seed: 2 },
  });
  const { summary } = await evaluate([folder], { episodes: 1, threads: 0 });
  expect(summary.agents[1]!.numbers.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(summary.trainingRange).toBeNull();
});

test('a run whose training is not over is compared, and said to be so', async () => {
  const folder = newRuns({ a: {}, b: { seed: 2, frames: 400 } });
  const { notes } = await evaluate([folder], options);
  expect(notes).toEqual([`${join(folder, 'b')} has been trained for 400 of its 1000 frames`]);
  const best = await evaluate([folder], { ...options, checkpoint: 'best' });
  expect(best.notes).toEqual([]);
});

test('progress is told by run', async () => {
  const folder = newRuns({ a: {}, b: { seed: 2 } });
  const seen: unknown[] = [];
  await evaluate([folder], { ...options, onProgress: (...told) => seen.push(told) });
  expect(seen).toHaveLength(100);
  expect(seen[0]).toEqual([join(folder, 'a'), 1, 50]);
  expect(seen.at(-1)).toEqual([join(folder, 'b'), 50, 50]);
});

describe('refused in one sentence, before anything is played', () => {
  test.each<[string, SavedRun, RegExp]>([
    [
      'another world',
      {
        env: noise.id,
        envOptions: {},
        config: { convolutions: [{ filters: 2, size: 9, stride: 9 }] },
      },
      /^\S+\/a was trained in TimedGrid-v0 and \S+\/b in Noise-v0: compare runs of one world$/,
    ],
    [
      'another maximum reward',
      { envOptions: { ...TINY_GRID, maxReward: 5 } },
      /^\S+\/a can earn 10 at most and \S+\/b 5: compare runs of worlds with the same maximum reward$/,
    ],
    [
      'the same seed twice',
      {},
      /^\S+\/a and \S+\/b are both agent nac with seed 1: leave one out, since a seed counts once$/,
    ],
  ])('%s', async (_, other, sentence) => {
    const folder = newRuns({ a: {}, b: other });
    const seen: unknown[] = [];
    const compared = evaluate([folder], { ...options, onProgress: () => seen.push(1) });
    await expect(compared).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(sentence),
    });
    expect(seen).toEqual([]);
  });

  test('a folder without runs, and a mistyped one', async () => {
    const folder = newRuns({ 'nac-1': {} });
    await expect(evaluate([join(folder, 'nac-l')])).rejects.toThrow(
      `there is no run at ${join(folder, 'nac-l')}; did you mean ${join(folder, 'nac-1')}?`,
    );
    await expect(evaluate([temporaryFolder()])).rejects.toThrow(
      /is not a run: it holds no run.json/,
    );
  });
});
