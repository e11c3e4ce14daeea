import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure, reportingSystemErrors, UsageError } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { isTemporary, removeTemporaries, replaceFile, syncFolder } from '../common/replace-file.ts';
import { type Checkpoint, type LogLengths, writeCheckpoint } from './checkpoint.ts';
import { EventWriter } from './events.ts';
import {
  descriptionFile,
  eventsFile,
  FORMAT,
  holdsRun,
  metricsFile,
  openRun,
  type Run,
} from './folder.ts';
import { stringifyExactly } from './json.ts';
import { hasCheckpoint, loadWithLogs } from './load-checkpoint.ts';
import { type Lock, lockFolder, lockName } from './lock.ts';
import { MetricsWriter } from './metrics.ts';
import {
  type CheckpointName,
  checkpointsFolder,
  newFolderName,
  noCheckpoint,
  prune,
  readPointers,
  rewound,
  writePointers,
} from './pointers.ts';
import type { NamedTensors } from './safetensors.ts';

/** A run's folder, locked for training by this process. */
export interface TrainingRun extends Run {
  readonly metrics: MetricsWriter;
  readonly events: EventWriter;
  /** @throws Failure if this process may not write to the run any more: it was deleted, or its lock is lost */
  requireHeld(): void;
  /** Closes the logs and unlocks the folder. */
  close(): void;
}

/**
 * Makes a new run and locks it.
 * @param path a folder that is missing or empty, or that holds a run without a checkpoint or, with `overwrite`, any run: its
 *   files are replaced, any others stay
 * @param description plain JSON, stored in `run.json`
 * @throws UsageError if the folder holds files that are not a run's, or a run with a checkpoint and `overwrite` is not set
 * @throws Failure if another process trains it, or it cannot be written
 */
export function createRun(
  path: string,
  description: object,
  { overwrite = false }: { overwrite?: boolean } = {},
): TrainingRun {
  const json = jsonOf(description);
  refuseOccupied(path, overwrite);
  const madeHere = makeFolder(path);
  try {
    return whileLocked(path, (lock) => {
      refuseOccupied(path, overwrite);
      reportingSystemErrors('write to', path, () => {
        removeTemporaries(path);
        // Killed within, this leaves the old run without checkpoints or the new one: never a mixture.
        if (holdsRun(path)) writePointers(path, noCheckpoint);
        for (const name of [checkpointsFolder, metricsFile, eventsFile]) {
          fs.rmSync(join(path, name), { recursive: true, force: true });
        }
        replaceFile(join(path, descriptionFile), json);
        fs.mkdirSync(join(path, checkpointsFolder));
        writePointers(path, noCheckpoint);
        syncFolder(dirname(path));
      });
      return openLogs(openRun(path), { metrics: 0, events: 0 }, lock);
    });
  } catch (error) {
    if (madeHere) removeIfEmpty(path);
    throw error;
  }
}

/**
 * Locks a run to resume its training: clears what a killed process left half made, and takes names and logs back to the
 * checkpoint. What came after that checkpoint is lost.
 * @returns the checkpoint is undefined if none was saved yet: training starts at its beginning
 * @throws UsageError if there is no such run, or no checkpoint of that name though there are others
 * @throws Failure if another process trains it, or it is damaged or cannot be written
 */
export function resumeRun(
  path: string,
  which: CheckpointName = 'last',
): { run: TrainingRun; checkpoint: Checkpoint | undefined } {
  const run = openRun(path);
  return whileLocked(path, (lock) => {
    const pointers = readPointers(path);
    const checkpoint = pointers.last === null ? undefined : loadWithLogs(run, which);
    reportingSystemErrors('write to', path, () => {
      removeTemporaries(path);
      makeFolder(join(path, checkpointsFolder));
      // Written in any case: the names must be there before the first checkpoint is.
      const isRewound = checkpoint && which !== 'last';
      writePointers(path, isRewound ? rewound(pointers, which) : pointers);
    });
    const logs = checkpoint?.logs ?? { metrics: 0, events: 0 };
    return { run: openLogs(run, logs, lock), checkpoint };
  });
}

/**
 * Saves a checkpoint. When this returns, it is on the disk; until then the earlier ones are there, whatever kills the
 * process. Of the earlier ones, the best and the previous one remain.
 * @param checkpoint `isBest` makes it the best one from now on
 * @throws Failure if the run was deleted or its lock is lost, or if the disk is full or the system refuses otherwise; the earlier ones stay whole
 * @throws TypeError naming the part of the state that JSON cannot hold, or the inconsistent tensor
 */
export function saveCheckpoint(
  run: TrainingRun,
  checkpoint: { frames: number; tensors: NamedTensors; state: object; isBest: boolean },
): void {
  run.requireHeld();
  run.metrics.file.sync();
  run.events.file.sync();
  const logs = { metrics: run.metrics.file.length, events: run.events.file.length };
  const pointers = readPointers(run.path);
  prune(run.path, pointers);
  const name = newFolderName(run.path, checkpoint.frames);
  writeCheckpoint(join(run.path, checkpointsFolder, name), checkpoint, logs);
  const best = checkpoint.isBest ? name : pointers.best;
  run.requireHeld();
  writePointers(run.path, { last: name, best, previous: pointers.last });
}

/** Replaces the description of a run; its other files stay. @param description as `createRun` takes it */
export function replaceDescription(run: TrainingRun, description: object): void {
  const { path } = run;
  const json = jsonOf(description);
  run.requireHeld();
  reportingSystemErrors('write to', path, () => replaceFile(join(path, descriptionFile), json));
}

const jsonOf = (description: object): string =>
  `${stringifyExactly({ format: FORMAT, ...description }, 'description', 2)}\n`;

/** Locks a folder for `action`; the lock stays if it succeeds. */
function whileLocked<Result>(path: string, action: (lock: Lock) => Result): Result {
  const lock = lockFolder(path);
  try {
    return action(lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens a locked run's logs, cut to what they held at the checkpoint. */
function openLogs(run: Run, lengths: LogLengths, lock: Lock): TrainingRun {
  const { path } = run;
  const requireHeld = () => {
    if (holdsRun(path)) return lock.requireHeld();
    throw new Failure(
      `${path} was deleted or moved while it was being trained and cannot be saved any more; train it again`,
    );
  };
  const metrics = new MetricsWriter(join(path, metricsFile), lengths.metrics, requireHeld);
  let events: EventWriter;
  try {
    const now = Date.now() / 1000;
    events = new EventWriter(join(path, eventsFile), lengths.events, now, requireHeld);
  } catch (error) {
    metrics.file.close();
    throw error;
  }
  const close = () => {
    metrics.file.close();
    events.file.close();
    lock.release();
  };
  return { ...run, metrics, events, requireHeld, close };
}

function refuseOccupied(path: string, overwrite: boolean): void {
  if (holdsRun(path)) {
    if (overwrite || !hasCheckpoint(path)) return;
    throw new UsageError(
      `${path} already holds a run; resume it (--resume), replace it (--overwrite) or choose another folder`,
    );
  }
  if (!fs.existsSync(path)) return;
  if (!fs.statSync(path).isDirectory()) {
    throw new UsageError(`${path} is a file; choose a folder that is new or empty`);
  }
  const names = reportingSystemErrors('read the folder', path, () => fs.readdirSync(path));
  const foreign = names.find((name) => name !== lockName && !isTemporary(name));
  if (foreign !== undefined) {
    throw new UsageError(
      `${path} holds files that are not a run's (${foreign}); choose a folder that is new or empty`,
    );
  }
}

function removeIfEmpty(path: string): void {
  try {
    fs.rmdirSync(path);
  } catch {}
}
