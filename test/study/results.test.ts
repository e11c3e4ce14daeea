import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Failure, UsageError } from '../../src/common/errors.ts';
import { numberTaskOf } from '../../src/evaluate/evaluate-run.ts';
import { planStudyFile } from '../../src/study/plan-study.ts';
import type { PlannedRun } from '../../src/study/planned-run.ts';
import type { Result } from '../../src/study/result.ts';
import { adoptResult, savedResult } from '../../src/study/results.ts';
import { trainingOf } from '../../src/study/same-training.ts';
import { temporaryFolder } from '../run/temporary.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** The first run of a study of one agent. */
async function declared(name: string, change: object = {}): Promise<PlannedRun> {
  const path = join(folder, 'study.json');
  const agents = { [name]: { agent: 'nac' } };
  fs.writeFileSync(path, JSON.stringify({ numbers: '5,6', agents, ...change }));
  return (await planStudyFile(path, join(folder, 'out'))).runs[0]!;
}

const row = (number: number) => ({
  ...{ number, episodes: 200, meanReward: 9.5, exact: 0.9, arrived: 1 },
  ...{ meanArrival: number + 0.1, neverArrived: 0 },
});

/** A result of a run, as if it had been evaluated. */
function resultOf({ agent, seed, settings, occasions, path }: PlannedRun): Result {
  const { trainingRange, ...task } = numberTaskOf(settings.env);
  return {
    ...{ agent, seed, of: { settings: trainingOf(settings), occasions } },
    machine: { host: 'here', cpu: 'fast', versions: { timegrid: '0.1.0' } },
    evaluation: {
      ...{ run: basename(path), label: agent, seed, frames: settings.totalFrames, ...task },
      ...{ trainingRange, policy: 'greedy' },
      rows: occasions[0]!.numbers.map(row),
    },
    learning: [{ frames: 10, reward: null, exact: null, weights: { nac: [0.5] } }],
  };
}

/** Keeps a result of a run. */
function keep(run: PlannedRun): void {
  fs.mkdirSync(dirname(run.result), { recursive: true });
  fs.writeFileSync(run.result, JSON.stringify(resultOf(run)));
}

test('a result is one of the run that was asked for it, by the name that it has now', async () => {
  const run = await declared('My nac');
  expect(savedResult(run)).toBeUndefined();
  keep(run);
  expect(savedResult(run)).toMatchObject({ agent: 'My nac', seed: 1 });
  const renamed = await declared('my NAC');
  expect(savedResult(renamed)).toMatchObject({ agent: 'my NAC', evaluation: { label: 'my NAC' } });
});

test('one that was asked something else has to be evaluated again', async () => {
  const run = await declared('a');
  keep(run);
  expect(savedResult(await declared('a', { seeds: '1..9' }))).toBeDefined();
  const more = await declared('a', { numbers: '5,6,7' });
  // Nothing is left to evaluate.
  expect(() => savedResult(more)).toThrow(
    /a-1\.json has other numbers or episodes than the study, and its run in .*a-1 is gone: /,
  );
  fs.mkdirSync(run.path, { recursive: true });
  fs.writeFileSync(join(run.path, 'run.json'), '{}');
  expect(savedResult(more)).toBeUndefined();
  expect(savedResult(await declared('a', { episodes: 3 }))).toBeUndefined();
});

test('one of another training is refused by what differs', async () => {
  keep(await declared('a', { set: { lstm: 32 } }));
  const get = async (change: object) => savedResult(await declared('a', change));
  await expect(get({})).rejects.toThrow(UsageError);
  await expect(get({})).rejects.toThrow(
    /a-1\.json is of another training: its lstm is 32, and the study's is 128; move it away/,
  );
  await expect(get({ set: { lstm: 32 }, envOptions: { timeMax: 14 } })).rejects.toThrow(
    "its timeMax is 12, and the study's is 14",
  );
  await expect(get({ set: { lstm: 32 }, frames: 5 })).rejects.toThrow(
    "its frames is 2000000, and the study's is 5",
  );
});

test('a file that holds none is a failure', async () => {
  const run = await declared('a');
  keep(run);
  for (const text of ['{', '{}', '{"agent":"a","seed":1,"of":{"settings":{}}}']) {
    fs.writeFileSync(run.result, text);
    expect(() => savedResult(run)).toThrow(Failure);
  }
});

describe('a result from another process', () => {
  const held = { requireHeld: () => {} };

  test('becomes that of the run, by the name that it has here', async () => {
    const run = await declared('mine');
    const there = resultOf(await declared('theirs'));
    fs.mkdirSync(dirname(run.result), { recursive: true });
    const adopted = adoptResult(run, JSON.stringify(there), 'job 1', held);
    expect(adopted).toEqual(resultOf(run));
    expect(savedResult(run)).toEqual(adopted);
    expect(adopted.machine).toEqual(there.machine);
  });

  test.each<[string, (result: Result) => unknown]>([
    ['no JSON', () => undefined],
    ['another training', (result) => ({ ...result, of: { ...result.of, settings: {} } })],
    ['another seed', (result) => ({ ...result, seed: 2 })],
    [
      'other numbers',
      ({ evaluation, ...result }) => ({
        ...result,
        evaluation: { ...evaluation, rows: [row(5), row(7)] },
      }),
    ],
    [
      'a run that is not trained to its end',
      ({ evaluation, ...result }) => ({
        ...result,
        evaluation: { ...evaluation, frames: 100 },
      }),
    ],
    [
      'another task',
      ({ evaluation, ...result }) => ({
        ...result,
        evaluation: { ...evaluation, maxReward: 1e9 },
      }),
    ],
    [
      'a text for a number',
      ({ evaluation, ...result }) => ({
        ...result,
        evaluation: { ...evaluation, rows: [{ ...row(5), exact: '<b>' }, row(6)] },
      }),
    ],
    [
      'a share above one',
      ({ evaluation, ...result }) => ({
        ...result,
        evaluation: { ...evaluation, rows: [{ ...row(5), exact: 2 }, row(6)] },
      }),
    ],
  ])('is refused with %s', async (_, change) => {
    const run = await declared('mine');
    fs.mkdirSync(dirname(run.result), { recursive: true });
    const text = JSON.stringify(change(resultOf(run))) ?? '{';
    expect(() => adoptResult(run, text, 'job 1', held)).toThrow(
      new Failure('job 1 gave something else than the result of mine'),
    );
    expect(fs.existsSync(run.result)).toBe(false);
  });

  test('is not written where the lock is lost', async () => {
    const run = await declared('mine');
    fs.mkdirSync(dirname(run.result), { recursive: true });
    const lost = {
      requireHeld() {
        throw new Failure('lost');
      },
    };
    expect(() => adoptResult(run, JSON.stringify(resultOf(run)), 'job 1', lost)).toThrow('lost');
    expect(fs.existsSync(run.result)).toBe(false);
  });
});
