import fs from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../common/errors.ts';
import { writeWithin } from '../common/output.ts';
import { isTemporary } from '../common/replace-file.ts';
import { stringifyChecked } from './checked-json.ts';
import type { CheckpointRecord } from './checkpoint.ts';
import { readCheckpoint } from './checkpoint-folder.ts';
import {
  type CheckpointName,
  checkpointsFolder,
  FOLDER,
  folderName,
  type NamedCheckpoint,
  type NamedCheckpoints,
  namesFile,
  namesSchema,
  noCheckpoint,
} from './checkpoint-names.ts';
import { readWhole } from './json.ts';

/**
 * The named checkpoints of a run. A run without the file and without checkpoints was killed while it was being made. Where the
 * file is damaged or missing, and every checkpoint is whole, their names are found again.
 *
 * @param note is given a sentence where that is so
 * @throws Failure if the file is damaged, or missing though there are checkpoints, and a checkpoint is damaged, too
 */
export function readNames(run: string, note: (sentence: string) => void): NamedCheckpoints {
  try {
    return readNamesFile(run);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const found = findCheckpoints(run);
    const damaged = found.find(({ record }) => record === undefined);
    if (damaged) {
      throw new Failure(
        `${error.message}; so is the checkpoint ${damaged.folder}: timegrid verify ${run} --repair keeps those that are whole`,
        { cause: error },
      );
    }
    const names = nameAgain(found);
    note(`${error.message}; its last checkpoint was found without it: ${names.last?.folder}`);
    return names;
  }
}

/** @throws Failure if the file is damaged, or missing though there are checkpoints */
export function readNamesFile(run: string): NamedCheckpoints {
  const path = join(run, namesFile);
  if (!fs.existsSync(path) && checkpointFolders(run).length === 0) return noCheckpoint;
  return readWhole(path, namesSchema).content;
}

export interface FoundCheckpoint {
  readonly folder: string;
  /** Undefined for a damaged one. */
  readonly record: CheckpointRecord | undefined;
  readonly problem: string | undefined;
}

/** The checkpoints of a run, whatever names they have, the newest first. Every byte of them is verified. */
export function findCheckpoints(run: string): FoundCheckpoint[] {
  const folders = checkpointFolders(run)
    .filter((name) => FOLDER.test(name))
    .sort(byAge)
    .reverse();
  return folders.map((folder) => {
    try {
      const record = readCheckpoint(join(run, checkpointsFolder, folder));
      return { folder, record, problem: undefined };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { folder, record: undefined, problem: error.message };
    }
  });
}

/** The names of the whole ones of them. @param found the newest first */
export function nameAgain(found: readonly FoundCheckpoint[]): NamedCheckpoints {
  const whole = found.flatMap(({ folder, record }) =>
    record ? [{ isBest: record.isBest, named: { folder, sha256: record.sha256 } }] : [],
  );
  return {
    last: whole[0]?.named ?? null,
    best: whole.find(({ isBest }) => isBest)?.named ?? null,
    previous: whole[1]?.named ?? null,
  };
}

/** `2000-2` was saved after `2000`, and before `10000`. */
function byAge(one: string, other: string): number {
  const [frames = 0, copy = 1] = one.split('-').map(Number);
  const [otherFrames = 0, otherCopy = 1] = other.split('-').map(Number);
  return frames - otherFrames || copy - otherCopy;
}

/** Gives checkpoints these names and removes those without one. */
export function writeNames(run: string, names: NamedCheckpoints): void {
  writeNamesFile(run, names);
  prune(run, names);
}

export function writeNamesFile(run: string, names: NamedCheckpoints): void {
  const path = join(run, namesFile);
  writeWithin(path, stringifyChecked(names, namesFile, 2).text);
}

/**
 * Removes the checkpoints that have no name, and what a killed process has left of one. Those that cannot be removed now are
 * removed next time. Nothing else is: the folder may be a link to somewhere else.
 */
export function prune(run: string, names: NamedCheckpoints): void {
  const named = new Set(Object.values(names).map((one) => one?.folder));
  for (const folder of checkpointFolders(run)) {
    if (named.has(folder) || !(FOLDER.test(folder) || isTemporary(folder))) continue;
    try {
      fs.rmSync(join(run, checkpointsFolder, folder), { recursive: true, force: true });
    } catch {}
  }
}

function checkpointFolders(run: string): string[] {
  const folder = join(run, checkpointsFolder);
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

/** A folder that no checkpoint has yet. */
export function newFolderName(run: string, frames: number): string {
  let copy = 1;
  while (fs.existsSync(join(run, checkpointsFolder, folderName(frames, copy)))) copy += 1;
  return folderName(frames, copy);
}

/**
 * The names after training has been taken back to the checkpoint called `name`: it becomes the last one, and later ones
 * lose their names.
 */
export function rewound(names: NamedCheckpoints, name: CheckpointName): NamedCheckpoints {
  const last = names[name]!;
  const unlessLater = (one: NamedCheckpoint | null) =>
    one !== null && Number.parseInt(one.folder, 10) <= Number.parseInt(last.folder, 10)
      ? one
      : null;
  return {
    last,
    best: unlessLater(names.best) ?? (names.best && last),
    previous: name === 'last' ? names.previous : null,
  };
}
