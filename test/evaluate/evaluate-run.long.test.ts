import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { register } from '../../env/index.ts';
import { defaultNumbers } from '../../src/evaluate/default-numbers.ts';
import { evaluateRun } from '../../src/evaluate/evaluate-run.ts';
import type { Row } from '../../src/evaluate/results.ts';
import { corridor } from '../env/corridor.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { noise } from './noise.ts';
import { evaluateOneByOne } from './one-by-one.ts';
import { type SavedRun, saveRun } from './saved-run.ts';

register(noise);
register(corridor);

function newRun(what: SavedRun = {}): string {
  const path = join(temporaryFolder(), 'run');
  saveRun(path, what);
  return path;
}

/** A row without what the world says besides. */
const plain = ({ error: _, metrics: __, exactAtMost: ___, ...row }: Row) => row;

const convolutions = [{ filters: 4, size: 40, stride: 40 }];

describe('an evaluation finds what playing the episodes one by one finds', () => {
  test.each([
    ['baseline', 'greedy'],
    ['nac', 'sample'],
  ] as const)('%s, %s', async (pathway, policy) => {
    const run = newRun({ config: { pathway }, seed: 3 });
    const numbers = [1, 3, 4, 9];
    const { rows } = await evaluateRun(run, { numbers, episodes: 25, policy, threads: 0 });
    expect(rows.map(plain)).toEqual(await evaluateOneByOne(run, numbers, 25, policy));
    expect(new Set(rows.map(({ meanReward }) => meanReward)).size).toBeGreaterThan(1);
  });

  test('in a world of endlessly many pictures, which gives no metrics', async () => {
    const run = newRun({ env: noise.id, envOptions: {}, config: { convolutions } });
    const options = { numbers: [30, 60], episodes: 50, policy: 'sample', threads: 0 } as const;
    const { rows } = await evaluateRun(run, options);
    expect(rows.map(plain)).toEqual(await evaluateOneByOne(run, options.numbers, 50, 'sample'));
    expect(rows[0]!.arrived).toBeGreaterThan(0.5);
  });
});

test('a row does not depend on which other numbers are asked for, nor on their order', async () => {
  const run = newRun();
  const options = { episodes: 40, policy: 'sample', threads: 0 } as const;
  const several = await evaluateRun(run, { ...options, numbers: [2, 3, 4, 5] });
  const one = await evaluateRun(run, { ...options, numbers: [4] });
  expect(several.rows[2]).toEqual(one.rows[0]);
  expect(await evaluateRun(run, { ...options, numbers: [5, 3, 2, 4] })).toEqual(several);
});

test('the sampled policy is the same at every call, and another than the greedy one', async () => {
  const run = newRun();
  const options = { numbers: [4], episodes: 50, threads: 0 } as const;
  const sampled = await evaluateRun(run, { ...options, policy: 'sample' });
  expect(await evaluateRun(run, { ...options, policy: 'sample' })).toEqual(sampled);
  const greedy = await evaluateRun(run, options);
  expect(greedy.policy).toBe('greedy');
  expect(greedy.rows).not.toEqual(sampled.rows);
});

test('says whose result it is and what it is measured by', async () => {
  const run = newRun({ config: { pathway: 'nac-stateless' }, seed: 7, frames: 640 });
  const { rows, policies: _, ...about } = await evaluateRun(run, { episodes: 2, threads: 0 });
  expect(about).toEqual({
    run,
    label: 'nac-stateless',
    seed: 7,
    frames: 640,
    maxReward: 10,
    number: { symbol: 't', meaning: 'time', countsSteps: true },
    trainingRange: [2, 4],
    policy: 'greedy',
  });
  expect(rows.map(({ number }) => number)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('the default numbers reach two and a half times as far as training', () => {
  expect(defaultNumbers([5, 12])).toEqual(Array.from({ length: 26 }, (_, i) => i + 5));
  expect(defaultNumbers([4, 4])).toEqual([4, 5, 6, 7, 8, 9, 10]);
  const far = defaultNumbers([100, 1000]);
  expect(far.slice(0, 2)).toEqual([100, 180]);
  expect(far.at(-1)).toBe(2500);
});

describe('refused in one sentence', () => {
  test('a world that tells no number', async () => {
    const run = newRun({
      env: 'Corridor-v0',
      envOptions: { length: 5 },
      config: { convolutions: [{ filters: 2, size: 1, stride: 1 }] },
    });
    await expect(evaluateRun(run)).rejects.toThrow(
      'Corridor-v0 tells no number that an episode could fix: to be evaluated at several, a world says in its property "number" which option of reset does that',
    );
  });

  test('a number that the world refuses, before anything is played', async () => {
    const played: number[] = [];
    const asked = evaluateRun(newRun({ env: noise.id, envOptions: {}, config: { convolutions } }), {
      numbers: [4, 101],
      onProgress: (done) => played.push(done),
    });
    await expect(asked).rejects.toThrow(/^Noise-v0: option "time" .*from 1 to 100, not 101$/);
    expect(played).toEqual([]);
  });
});

test('stops when its signal aborts', async () => {
  const stop = new AbortController();
  const evaluation = evaluateRun(newRun(), {
    ...{ numbers: [2, 3, 4], episodes: 100, threads: 0, signal: stop.signal },
    onProgress: () => stop.abort(),
  });
  await expect(evaluation).rejects.toMatchObject({ name: 'AbortError' });
});
