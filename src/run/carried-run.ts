import fs from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { writeWithin } from '../common/output.ts';
import { MOST_LOG, MOST_TEXT, readBytes } from '../common/read-file.ts';
import { temporaryBeside } from '../common/replace-file.ts';
import { stateFile, tensorsFile } from './checkpoint.ts';
import { readCheckpoint, readState } from './checkpoint-folder.ts';
import { checkpointsFolder, noCheckpoint } from './checkpoint-names.ts';
import { descriptionFile, eventsFile, metricsFile } from './layout.ts';
import { newFolderName, readNames, writeNames } from './named-checkpoints.ts';

/** What is carried of an unfinished run so that its training can go on elsewhere, to the same bits: these files, and no others. */
export const CARRIED = [descriptionFile, metricsFile, eventsFile, stateFile, tensorsFile] as const;

export type CarriedFiles = Readonly<Record<(typeof CARRIED)[number], Buffer>>;

/** The newest checkpoint of a run, with what belongs to it. */
export interface CarriedRun {
  readonly frames: number;
  /** Names the checkpoint. */
  readonly sha256: string;
  readonly files: CarriedFiles;
}

/** A training that saves meanwhile removes checkpoints; more often than this it does not while one is read. */
const ATTEMPTS = 5;

/** The name of a run's newest checkpoint: its checksum; undefined before there is one. */
export const newestCheckpoint = (path: string): string | undefined =>
  readNames(path, () => {}).last?.sha256;

/**
 * Reads the newest checkpoint of a run, and its logs as they were then. The run may be in training at the same time.
 * @returns undefined where it has none yet
 * @throws Failure where it is damaged
 */
export function carryRun(path: string): CarriedRun | undefined {
  for (let attempt = 1; ; attempt += 1) {
    const { last } = readNames(path, () => {});
    if (!last) return undefined;
    try {
      return { sha256: last.sha256, ...readParts(path, last.folder) };
    } catch (error) {
      const isNew = newestCheckpoint(path) !== last.sha256;
      if (!(error instanceof Failure) || !isNew || attempt === ATTEMPTS) throw error;
    }
  }
}

function readParts(path: string, name: string) {
  const folder = join(path, checkpointsFolder, name);
  const { frames, logs } = readState(folder);
  const log = (file: string, bytes: number): Buffer => {
    const content = readBytes(join(path, file), MOST_LOG);
    if (content.length < bytes) {
      throw new Failure(`${join(path, file)} has lost what it held at the checkpoint ${name}`);
    }
    return content.subarray(0, bytes);
  };
  const files: CarriedFiles = {
    [descriptionFile]: readBytes(join(path, descriptionFile), MOST_TEXT),
    [metricsFile]: log(metricsFile, logs.metrics.bytes),
    [eventsFile]: log(eventsFile, logs.events.bytes),
    [stateFile]: readBytes(join(folder, stateFile)),
    [tensorsFile]: readBytes(join(folder, tensorsFile)),
  };
  return { frames, files };
}

/**
 * Makes a run of what was carried, for a training to resume. Nothing in it decides where it is written.
 * @param path a folder that is not there yet
 * @returns the frames that it has been trained on
 * @throws Failure where the checkpoint is not whole; the folder may then hold anything
 */
export function unpackRun(path: string, files: CarriedFiles): number {
  const checkpoints = join(path, checkpointsFolder);
  makeFolder(checkpoints);
  for (const name of [descriptionFile, metricsFile, eventsFile] as const) {
    writeWithin(join(path, name), files[name]);
  }
  const arriving = temporaryBeside(join(checkpoints, stateFile));
  makeFolder(arriving);
  for (const name of [stateFile, tensorsFile] as const) {
    writeWithin(join(arriving, name), files[name]);
  }
  const { frames, sha256, isBest } = readCheckpoint(arriving);
  const folder = newFolderName(path, frames);
  fs.renameSync(arriving, join(checkpoints, folder));
  const last = { folder, sha256 };
  writeNames(path, { ...noCheckpoint, last, best: isBest ? last : null });
  return frames;
}
