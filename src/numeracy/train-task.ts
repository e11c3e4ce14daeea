import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { lockFolder, settleLock } from '../run/lock.ts';
import { requireSameTraining } from '../study/same-training.ts';
import type { TrainingCalls } from '../study/serve-training.ts';
import type { Task, TaskContext, TaskRun, TaskTraining, Tensors32 } from './task.ts';
import { readTaskCheckpoint, type TaskCheckpoint, writeTaskCheckpoint } from './task-checkpoint.ts';

/** How a run stands. */
export interface TaskProgress {
  readonly step: number;
  readonly steps: number;
  /** Median of the copies' losses; null where there is none to show. */
  readonly loss: number | null;
}

/** Milliseconds between two saves, and between two reports of progress. */
const SAVE_EVERY = 60_000;
const TELL_EVERY = 200;

/**
 * Trains a run of a task to its last step, from where it was saved last. How often it is saved, and where it was stopped, does not
 * change a bit of what it learns.
 * @param path the run's folder
 * @returns whether it is finished; false where the signal aborted, and everything is saved
 * @throws Failure for a folder that holds another run, or damaged files
 */
export async function trainTask(
  path: string,
  task: Task,
  run: TaskRun,
  context: TaskContext,
  { onProgress, onNote, signal }: TrainingCalls<TaskProgress>,
): Promise<boolean> {
  makeFolder(path);
  await settleLock(path, onNote);
  const lock = lockFolder(path);
  try {
    const saved = savedTraining(path, task, run);
    const training = await task.train(run, context);
    try {
      if (saved) restore(training, saved, path);
      const save = (step: number): void => {
        lock.requireHeld();
        const of = { task: task.id, name: run.name, settings: run.settings };
        writeTaskCheckpoint(path, { ...of, step, tensors: training.save() });
      };
      return await trainOn(training, saved?.step ?? 0, save, { onProgress, onNote, signal });
    } finally {
      await training.dispose();
    }
  } finally {
    lock.release();
  }
}

async function trainOn(
  training: TaskTraining,
  from: number,
  save: (step: number) => void,
  { onProgress, signal }: TrainingCalls<TaskProgress>,
): Promise<boolean> {
  const { steps } = training;
  let savedAt = performance.now();
  let toldAt = Number.NEGATIVE_INFINITY;
  for (let step = from; step < steps; step += 1) {
    const losses = await training.step(step);
    const now = performance.now();
    if (now - toldAt >= TELL_EVERY) {
      onProgress({ step: step + 1, steps, loss: losses && median(losses) });
      toldAt = now;
      // Lets the message that stops a training arrive.
      await new Promise(setImmediate);
    }
    if (step + 1 < steps && (signal.aborted || now - savedAt >= SAVE_EVERY)) {
      save(step + 1);
      savedAt = performance.now();
      if (signal.aborted) return false;
    }
  }
  if (from < steps) save(steps);
  return true;
}

/** What a training saved that is finished. @throws Failure where nothing is saved, or another run is */
export function trainedTensors(path: string, task: Task, run: TaskRun): Tensors32 {
  const saved = savedTraining(path, task, run);
  if (!saved) {
    throw new Failure(`${path} holds no finished training; run the same command again`);
  }
  return saved.tensors;
}

function savedTraining(path: string, task: Task, run: TaskRun): TaskCheckpoint | undefined {
  const saved = readTaskCheckpoint(path);
  if (saved === undefined) return undefined;
  const isSame =
    saved.task === task.id &&
    saved.name === run.name &&
    isDeepStrictEqual(saved.settings, run.settings);
  if (isSame) return saved;
  if (saved.task === task.id && saved.name === run.name) {
    requireSameTraining(path, saved.settings, run.settings);
  }
  throw new Failure(
    `${path} holds another training (${saved.task}, ${saved.name}); move it away, or give another --folder`,
  );
}

/** @throws Failure for tensors that this training did not save */
function restore(training: TaskTraining, saved: TaskCheckpoint, path: string): void {
  const expected = training.save();
  const names = Object.keys(expected);
  const fits = (name: string): boolean =>
    Object.hasOwn(saved.tensors, name) && saved.tensors[name]!.length === expected[name]!.length;
  if (names.length !== Object.keys(saved.tensors).length || !names.every(fits)) {
    throw new Failure(
      `${path} was saved by another version of this task: delete it to train the run again`,
    );
  }
  if (saved.step > training.steps) {
    throw new Failure(`${path} is damaged: it has ${saved.step} of ${training.steps} steps`);
  }
  training.restore(saved.tensors);
}

function median(values: Float32Array): number | null {
  const finite = values.filter(Number.isFinite).sort();
  return finite[finite.length >> 1] ?? null;
}
