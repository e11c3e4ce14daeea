import fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { closestMatch } from '../../env/closest.ts';
import { Failure, reportingSystemErrors, UsageError } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { isTemporary, removeTemporaries, replaceFile, syncFolder } from '../common/replace-file.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { EventWriter } from './events.ts';
import { readJsonObject, stringifyExactly } from './json.ts';
import { lockFolder, lockName } from './lock.ts';
import { type MetricsRecord, MetricsWriter, readMetrics } from './metrics.ts';
import {
  type CheckpointName,
  checkpointNames,
  checkpointsFolder,
  newFolderName,
  noCheckpoint,
  prune,
  readPointers,
  rewound,
  writePointers,
} from './pointers.ts';
import type { Tensors } from './safetensors.ts';

export type { Checkpoint, CheckpointName };

const descriptionFile = 'run.json';
const metricsFile = 'metrics.jsonl';
/** The same name in every run, so that it can be found again; TensorBoard looks for `tfevents` in it. */
const eventsFile = 'events.out.tfevents.timegrid';
/** The version of this layout, in `run.json`. */
const format = 1;

/** A run's folder, open for reading. Another process may be training it meanwhile. */
export interface Run {
  readonly path: string;
  /** What {@link createRun} was given: configuration, command, versions, time of creation. */
  readonly description: Record<string, unknown>;
}

/** A run's folder, locked for training by this process. */
export interface TrainingRun extends Run {
  readonly metrics: MetricsWriter;
  readonly events: EventWriter;
  /** Closes the logs and unlocks the folder. */
  close(): void;
}

/**
 * Makes a new run and locks it.
 *
 * @param path a folder that is missing or empty, or that holds a run without a checkpoint or, with `overwrite`, any: its files
 *   are replaced, any others in it stay
 * @param description plain JSON, stored in `run.json`
 * @throws {UsageError} if the folder holds a run with a checkpoint and `overwrite` is not set, or anything that is no run
 * @throws {Failure} if another process trains it, or it cannot be written
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
    return whileLocked(path, (unlock) => {
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
      return forTraining(openRun(path), { metrics: 0, events: 0 }, unlock);
    });
  } catch (error) {
    if (madeHere) removeIfEmpty(path);
    throw error;
  }
}

/**
 * Locks a run to train on: clears what a killed process left half made, and takes names and logs back to
 * the checkpoint. What came after that checkpoint is forgotten.
 *
 * @returns the checkpoint is `undefined` if none was saved yet: training starts at its beginning
 * @throws {UsageError} if there is no such run, or no checkpoint of that name though there are others
 * @throws {Failure} if another process trains it, or it is damaged or cannot be written
 */
export function resumeRun(
  path: string,
  which: CheckpointName = 'last',
): { run: TrainingRun; checkpoint: Checkpoint | undefined } {
  const run = openRun(path);
  return whileLocked(path, (unlock) => {
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
    return { run: forTraining(run, logs, unlock), checkpoint };
  });
}

/**
 * Opens a run for reading; needs no lock and changes nothing.
 *
 * @throws {UsageError} if there is no run at `path`, naming the closest one beside or below it
 * @throws {Failure} if its `run.json` is damaged or of a format unknown to this version
 */
export function openRun(path: string): Run {
  if (!holdsRun(path)) throw new UsageError(noRunAt(path));
  const file = join(path, descriptionFile);
  const { format: found, ...description } = readJsonObject(file);
  if (found !== format) {
    throw new Failure(
      `${file} has format ${JSON.stringify(found)}, this version of timegrid reads format ${format}; ` +
        'use the version that made the run',
    );
  }
  return { path, description };
}

/** Writes another description of a run, whose files stay. @param description as `createRun` takes it */
export function describeAnew({ path }: TrainingRun, description: object): void {
  const json = jsonOf(description);
  reportingSystemErrors('write to', path, () => replaceFile(join(path, descriptionFile), json));
}

const jsonOf = (description: object): string =>
  `${stringifyExactly({ format, ...description }, 'description', 2)}\n`;

/** Whether a run has anything to go on from. @throws {Failure} if it is damaged */
export const hasCheckpoint = (path: string): boolean => readPointers(path).last !== null;

/** Whether `path` is a folder that holds a run, whole or damaged. */
export function holdsRun(path: string): boolean {
  return fs.existsSync(join(path, descriptionFile));
}

/**
 * Saves a checkpoint: when this returns, it is on the disk, and until then the earlier ones are there,
 * whatever kills the process. Of the earlier ones, the best and the one before remain.
 *
 * @param checkpoint `isBest` calls it the best from now on
 * @throws {Failure} if the disk is full or the system refuses otherwise; the earlier ones stay whole. Or if the run was deleted
 * @throws TypeError naming the part of the state that JSON cannot hold, or the inconsistent tensor
 */
export function saveCheckpoint(
  run: TrainingRun,
  checkpoint: { frames: number; tensors: Tensors; state: object; isBest: boolean },
): void {
  if (!holdsRun(run.path)) {
    throw new Failure(
      `${run.path} was deleted or moved away while it was being trained, and can be saved no more; train it again`,
    );
  }
  run.metrics.file.sync();
  run.events.file.sync();
  const logs = { metrics: run.metrics.file.length, events: run.events.file.length };
  const pointers = readPointers(run.path);
  prune(run.path, pointers);
  const name = newFolderName(run.path, checkpoint.frames);
  writeCheckpoint(join(run.path, checkpointsFolder, name), checkpoint, logs);
  const best = checkpoint.isBest ? name : pointers.best;
  writePointers(run.path, { last: name, best, previous: pointers.last });
}

/**
 * Reads a checkpoint and verifies every byte of it. The run may be in training meanwhile.
 *
 * @throws {UsageError} if the run has no checkpoint of that name
 * @throws {Failure} naming the damaged file, what is wrong with it, and the checkpoints that are whole
 */
export function loadCheckpoint(run: Run, which: CheckpointName): Checkpoint {
  const { frames, tensors, state } = loadWithLogs(run, which);
  return { frames, tensors, state };
}

function loadWithLogs(run: Run, which: CheckpointName): ReturnType<typeof readCheckpoint> {
  for (;;) {
    const pointers = readPointers(run.path);
    const name = pointers[which];
    if (name === null) {
      const others = checkpointNames.filter((other) => pointers[other] !== null);
      throw new UsageError(
        others.length === 0
          ? `${run.path} has no checkpoint yet; train it first (timegrid train --run ${run.path} --resume)`
          : `${run.path} has no ${which} checkpoint; choose --checkpoint ${others.join(' or ')}`,
      );
    }
    try {
      return readCheckpoint(join(run.path, checkpointsFolder, name));
    } catch (error) {
      // The process that trains the run may have saved another one and removed this one.
      if (readPointers(run.path)[which] !== name) continue;
      if (!(error instanceof Failure)) throw error;
      throw new Failure(error.message + wholeOnes(run, name), { cause: error });
    }
  }
}

/** The end of the sentence about a damaged checkpoint: which ones can be used instead. */
function wholeOnes(run: Run, damaged: string): string {
  const pointers = readPointers(run.path);
  const whole = checkpointNames.filter((name) => {
    const folder = pointers[name];
    if (folder === null || folder === damaged) return false;
    try {
      readCheckpoint(join(run.path, checkpointsFolder, folder));
      return true;
    } catch {
      return false;
    }
  });
  const options = whole.map((name) => `--checkpoint ${name}`).join(' or ');
  return options && `; ${options} would use a whole one`;
}

/**
 * All records of the run's `metrics.jsonl`.
 *
 * @throws {Failure} if the file is missing or damaged
 */
export function readRunMetrics(run: Run): MetricsRecord[] {
  return readMetrics(join(run.path, metricsFile));
}

/** Locks a folder for `action`; the lock stays if it succeeds, until it calls `unlock`. */
function whileLocked<Result>(path: string, action: (unlock: () => void) => Result): Result {
  const unlock = lockFolder(path);
  try {
    return action(unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Opens a locked run's logs, cut to what they held at the checkpoint. */
function forTraining(
  run: Run,
  logs: { metrics: number; events: number },
  unlock: () => void,
): TrainingRun {
  const metrics = new MetricsWriter(join(run.path, metricsFile), logs.metrics);
  let events: EventWriter;
  try {
    events = new EventWriter(join(run.path, eventsFile), logs.events, Date.now() / 1000);
  } catch (error) {
    metrics.file.close();
    throw error;
  }
  const close = () => {
    metrics.file.close();
    events.file.close();
    unlock();
  };
  return { ...run, metrics, events, close };
}

function refuseOccupied(path: string, overwrite: boolean): void {
  if (holdsRun(path)) {
    if (overwrite || !hasCheckpoint(path)) return;
    throw new UsageError(
      `${path} already holds a run; go on with it (--resume), replace it (--overwrite) or choose another folder`,
    );
  }
  if (!fs.existsSync(path)) return;
  if (!fs.statSync(path).isDirectory()) {
    throw new UsageError(`${path} is a file; choose a folder that is new or empty`);
  }
  const names = reportingSystemErrors('read the folder', path, () => fs.readdirSync(path));
  const stranger = names.find((name) => name !== lockName && !isTemporary(name));
  if (stranger !== undefined) {
    throw new UsageError(
      `${path} holds files that are not a run's (${stranger}); choose a folder that is new or empty`,
    );
  }
}

function noRunAt(path: string): string {
  const reason = !fs.existsSync(path)
    ? `there is no run at ${path}`
    : `${path} is no run: it holds no ${descriptionFile}`;
  const below = runsIn(path);
  if (below.length > 0) return `${reason}; did you mean ${join(path, below[0]!)}?`;
  const parent = dirname(path);
  const nearest = closestMatch(basename(resolve(path)), runsIn(parent));
  if (nearest !== undefined) return `${reason}; did you mean ${join(parent, nearest)}?`;
  return `${reason}; make one with timegrid train --run ${path}`;
}

/** The names of the runs in a folder; none if it cannot be read. */
export function runsIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).filter((name) => holdsRun(join(folder, name)));
  } catch {
    return [];
  }
}

function removeIfEmpty(path: string): void {
  try {
    fs.rmdirSync(path);
  } catch {}
}
