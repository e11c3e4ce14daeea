import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Failure } from '../../src/common/errors.ts';
import { identity } from '../../src/numeracy/identity/identity.ts';
import type { Task } from '../../src/numeracy/task.ts';
import { readTaskCheckpoint, writeTaskCheckpoint } from '../../src/numeracy/task-checkpoint.ts';
import { settingsOf } from '../../src/numeracy/task-settings.ts';
import { trainedTensors, trainTask } from '../../src/numeracy/train-task.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { tiny } from './tiny.ts';

const task = identity as unknown as Task;
const [run, other] = await task.runs(settingsOf(task, { ...tiny.identity, seeds: [1, 2] }), {});
const quiet = { onProgress() {}, onNote() {} };
const never = new AbortController().signal;

/** Stops a training at its first sign of progress. */
async function interrupted(folder: string): Promise<boolean> {
  const stop = new AbortController();
  return trainTask(
    folder,
    task,
    run!,
    {},
    { ...quiet, onProgress: () => stop.abort(), signal: stop.signal },
  );
}

test('a training that was stopped is saved, and ends with the same bits as one that was not', async () => {
  const [whole, stopped] = [temporaryFolder(), temporaryFolder()];
  expect(await trainTask(whole, task, run!, {}, { ...quiet, signal: never })).toBe(true);
  expect(await interrupted(stopped)).toBe(false);
  expect(readTaskCheckpoint(stopped)!.step).toBe(1);
  expect(await trainTask(stopped, task, run!, {}, { ...quiet, signal: never })).toBe(true);
  const file = (folder: string) => fs.readFileSync(join(folder, 'checkpoint.json'), 'utf8');
  expect(file(stopped)).toBe(file(whole));
  expect(fs.readdirSync(stopped)).toEqual(['checkpoint.json']);
});

test('a folder with another run, or a damaged file, is refused and left as it is', async () => {
  const folder = temporaryFolder();
  await interrupted(folder);
  const path = join(folder, 'checkpoint.json');
  const text = fs.readFileSync(path, 'utf8');
  const train = (which = run!) => trainTask(folder, task, which, {}, { ...quiet, signal: never });
  await expect(train(other)).rejects.toThrow(/holds another training \(identity, tanh\); move it/);
  await expect(train(other)).rejects.toThrow(Failure);
  const changed = { ...run!, settings: { ...run!.settings, batch: 9 } };
  await expect(train(changed)).rejects.toThrow(/is of another training: its batch is 8, and/);
  for (const broken of ['', '{}', text.slice(0, -9), text.replace('"step":1', '"step":2')]) {
    fs.writeFileSync(path, broken);
    await expect(train()).rejects.toThrow(/checkpoint\.json is damaged: /);
    expect(fs.readFileSync(path, 'utf8')).toBe(broken);
  }
});

test('tensors that another training saved are refused', async () => {
  const folder = temporaryFolder();
  await interrupted(folder);
  const saved = readTaskCheckpoint(folder)!;
  const { parameters, ...others } = saved.tensors;
  for (const tensors of [others, { ...saved.tensors, parameters: parameters!.slice(1) }]) {
    writeTaskCheckpoint(folder, { ...saved, tensors });
    await expect(trainTask(folder, task, run!, {}, { ...quiet, signal: never })).rejects.toThrow(
      /was saved by another version of this task: delete it/,
    );
  }
});

test('a checkpoint keeps every bit of its numbers', () => {
  const folder = temporaryFolder();
  const tensors = { a: Float32Array.of(Number.NaN, -0, 1e-45, Infinity), none: new Float32Array() };
  const saved = { task: 'a', name: 'b', settings: { c: [1] }, step: 7, tensors };
  writeTaskCheckpoint(folder, saved);
  expect(readTaskCheckpoint(folder)).toEqual(saved);
});

test('a training that has not ended has no result', async () => {
  const folder = temporaryFolder();
  expect(() => trainedTensors(folder, task, run!)).toThrow(/holds no finished training/);
});
