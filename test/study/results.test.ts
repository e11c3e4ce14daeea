import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { Failure, UsageError } from '../../src/common/errors.ts';
import { planStudyFile } from '../../src/study/plan-study.ts';
import type { PlannedRun } from '../../src/study/planned-run.ts';
import { savedResult } from '../../src/study/results.ts';
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

/** Keeps a result of a run, as if it had been evaluated. */
function keep(run: PlannedRun): void {
  const { agent, seed, result, occasions } = run;
  fs.mkdirSync(dirname(result), { recursive: true });
  const of = { settings: trainingOf(run.settings), occasions };
  const evaluation = { label: agent, rows: [{ number: 5 }] };
  fs.writeFileSync(result, JSON.stringify({ agent, seed, of, evaluation, learning: [] }));
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
