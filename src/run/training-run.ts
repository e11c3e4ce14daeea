import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Failure, reportingSystemErrors, UsageError } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { isTemporary, removeTemporaries, replaceFile, syncFolder } from '../common/replace-file.ts';
import type { Checkpoint, CheckpointRecord, LogPositions } from './checkpoint.ts';
import { writeCheckpoint } from './checkpoint-folder.ts';
import {
  type CheckpointName,
  checkpointsFolder,
  type NamedCheckpoints,
  noCheckpoint,
} from './checkpoint-names.ts';
import type { EventWriter } from './events.ts';
import { holdsRun, openRun, type Run } from './folder.ts';
import { dropKept } from './kept-checkpoints.ts';
import { keptFolder } from './kept-points.ts';
import { descriptionFile, eventsFile, metricsFile, textOf } from './layout.ts';
import { hasCheckpoint, loadRecord } from './load-checkpoint.ts';
import { type Lock, lockFolder, lockName } from './lock.ts';
import { LOG_START } from './log-position.ts';
import type { MetricsWriter } from './metrics.ts';
import { newFolderName, prune, readNames, rewound, writeNames } from './named-checkpoints.ts';
import { restoreEvents, restoreMetrics } from './restore-logs.ts';
import type { NamedTensors } from './safetensors.ts';

/** A run's folder, locked for training by this process. */
export interface TrainingRun extends Omit<Run, 'description'> {
  description: Run['description'];
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
 * @param note is given a sentence about damage that does not stop the training
 * @throws UsageError if the folder holds files that are not a run's, or a run with a checkpoint and `overwrite` is not set
 * @throws Failure if another process trains it, or it cannot be written
 */
export function createRun(
  path: string,
  description: object,
  { overwrite = false, note }: { overwrite?: boolean; note?: Run['note'] | undefined } = {},
): TrainingRun {
  const json = textOf(description);
  refuseOccupied(path, overwrite);
  const madeHere = makeFolder(path);
  try {
    return whileLocked(path, (lock) => {
      refuseOccupied(path, overwrite);
      reportingSystemErrors('write to', path, () => {
        removeTemporaries(path);
        // Killed within, this leaves the old run without checkpoints or the new one: never a mixture.
        if (holdsRun(path)) writeNames(path, noCheckpoint);
        for (const name of [checkpointsFolder, keptFolder, metricsFile, eventsFile]) {
          fs.rmSync(join(path, name), { recursive: true, force: true });
        }
        replaceFile(join(path, descriptionFile), json);
        fs.mkdirSync(join(path, checkpointsFolder));
        writeNames(path, noCheckpoint);
        syncFolder(dirname(path));
      });
      return openLogs(openRun(path, note), undefined, lock);
    });
  } catch (error) {
    if (madeHere) removeIfEmpty(path);
    throw error;
  }
}

/**
 * Locks a run to resume its training: removes what a killed process left unfinished, and takes names and logs back to the
 * checkpoint. What came after that checkpoint is lost.
 * @returns the checkpoint is undefined if none was saved yet: training starts at its beginning
 * @throws UsageError if there is no such run, or no checkpoint of that name though there are others
 * @throws Failure if another process trains it, or it is damaged or cannot be written
 */
export function resumeRun(
  path: string,
  which: CheckpointName = 'last',
  note?: Run['note'],
): { run: TrainingRun; checkpoint: Checkpoint | undefined } {
  const run = openRun(path, note);
  return whileLocked(path, (lock) => {
    const names = readNames(path, run.note);
    const checkpoint =
      names.last === null ? undefined : loadRecord({ ...run, note: () => {} }, which);
    reportingSystemErrors('write to', path, () => {
      removeTemporaries(path);
      makeFolder(join(path, checkpointsFolder));
      // Written in any case: the names must be there before the first checkpoint is.
      const isRewound = checkpoint && which !== 'last';
      writeNames(path, isRewound ? rewound(names, which) : names);
    });
    dropKept(path, ({ frames }) => checkpoint === undefined || frames > checkpoint.frames);
    const training = openLogs(run, checkpoint, lock);
    if (checkpoint) bindLogs(training, checkpoint);
    return { run: training, checkpoint };
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
  const logs = logsOf(run);
  const names = readNames(run.path, run.note);
  prune(run.path, names);
  const folder = newFolderName(run.path, checkpoint.frames);
  const { description } = run;
  const state = checkpoint.state as Checkpoint['state'];
  const record = { ...checkpoint, state, logs, description };
  const sha256 = writeCheckpoint(join(run.path, checkpointsFolder, folder), record);
  const last = { folder, sha256 };
  run.requireHeld();
  writeNames(run.path, {
    last,
    best: checkpoint.isBest ? last : names.best,
    previous: names.last,
  });
}

const logsOf = ({ metrics, events }: TrainingRun): LogPositions => ({
  metrics: metrics.file.position,
  events: events.file.position,
});

/** Where the logs have lost what they held at a checkpoint, saves that checkpoint again, with the logs as they are now. */
function bindLogs(run: TrainingRun, record: CheckpointRecord): void {
  const logs = logsOf(run);
  if (isDeepStrictEqual(logs, record.logs)) return;
  const { sha256: before, tensorsHash: _, ...content } = record;
  const folder = newFolderName(run.path, record.frames);
  const path = join(run.path, checkpointsFolder, folder);
  const again = { folder, sha256: writeCheckpoint(path, { ...content, logs }) };
  const names = Object.entries(readNames(run.path, run.note));
  writeNames(
    run.path,
    Object.fromEntries(
      names.map(([name, named]) => [name, named?.sha256 === before ? again : named]),
    ) as NamedCheckpoints,
  );
}

/** Replaces the description of a run; its other files stay. @param description as `createRun` takes it */
export function replaceDescription(run: TrainingRun, description: object): void {
  const { path } = run;
  const json = textOf(description);
  run.requireHeld();
  reportingSystemErrors('write to', path, () => replaceFile(join(path, descriptionFile), json));
  run.description = openRun(path).description;
}

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

const BEGINNING = { frames: 0, logs: { metrics: LOG_START, events: LOG_START } };

/** Opens a locked run's logs, as they were at the checkpoint. */
function openLogs(
  run: Run,
  checkpoint: { readonly frames: number; readonly logs: LogPositions } | undefined,
  lock: Lock,
): TrainingRun {
  const { frames, logs } = checkpoint ?? BEGINNING;
  const { path, note } = run;
  const beforeWrite = (): void => {
    if (!holdsRun(path)) {
      throw new Failure(
        `${path} was deleted or moved while it was being trained and cannot be saved any more; train it again`,
      );
    }
    lock.requireHeld();
  };
  const hooks = { note, beforeWrite };
  const metrics = restoreMetrics(
    join(path, metricsFile),
    { frames, position: logs.metrics },
    hooks,
  );
  let events: EventWriter;
  try {
    events = restoreEvents(join(path, eventsFile), { frames, position: logs.events }, hooks);
    // A checkpoint that counts on the logs must not outlast their names.
    reportingSystemErrors('write to', path, () => syncFolder(path));
  } catch (error) {
    metrics.file.close();
    throw error;
  }
  const close = () => {
    metrics.file.close();
    events.file.close();
    lock.release();
  };
  return { ...run, metrics, events, requireHeld: beforeWrite, close };
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
