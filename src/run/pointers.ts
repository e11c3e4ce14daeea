import fs from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Failure, reportingSystemErrors } from '../common/errors.ts';
import { replaceFile } from '../common/replace-file.ts';
import { readJsonObject } from './json.ts';

/** Which checkpoint: the newest, the one with the best score so far, or the one before the newest. */
export const checkpointNames = ['last', 'best', 'previous'] as const;
export type CheckpointName = (typeof checkpointNames)[number];

/** The folder of each named checkpoint, within `checkpoints/`. */
export type Pointers = Record<CheckpointName, string | null>;

export const pointersFile = 'checkpoints.json';
export const checkpointsFolder = 'checkpoints';

const folderName = z.string().regex(/^\d+(-\d+)?$/);
const schema = z.strictObject({
  last: folderName.nullable(),
  best: folderName.nullable(),
  previous: folderName.nullable(),
});

export const noCheckpoint: Pointers = { last: null, best: null, previous: null };

/**
 * The named checkpoints of a run. A run without the file and without checkpoints was killed while it was being made.
 *
 * @throws Failure if the file is damaged, or missing though there are checkpoints
 */
export function readPointers(run: string): Pointers {
  const path = join(run, pointersFile);
  if (!fs.existsSync(path) && list(run).length === 0) return noCheckpoint;
  const parsed = schema.safeParse(readJsonObject(path));
  if (parsed.success) return parsed.data;
  const { path: key, message } = parsed.error.issues[0]!;
  throw new Failure(`${path} is damaged: ${key.join('.')} ${message}`);
}

/** Gives checkpoints these names and removes those without one. */
export function writePointers(run: string, pointers: Pointers): void {
  const path = join(run, pointersFile);
  reportingSystemErrors('write', path, () =>
    replaceFile(path, `${JSON.stringify(pointers, undefined, 2)}\n`),
  );
  prune(run, pointers);
}

/** Removes the checkpoints that no name points to. Those that cannot be removed now are removed next time. */
export function prune(run: string, pointers: Pointers): void {
  const named = new Set(Object.values(pointers));
  for (const name of list(run)) {
    if (named.has(name)) continue;
    try {
      fs.rmSync(join(run, checkpointsFolder, name), { recursive: true, force: true });
    } catch {}
  }
}

function list(run: string): string[] {
  const folder = join(run, checkpointsFolder);
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

/** A name that no checkpoint has yet, such that names sort by frames: `000002000000`, `000002000000-2`… */
export function newFolderName(run: string, frames: number): string {
  const plain = String(frames).padStart(12, '0');
  let name = plain;
  for (let copy = 2; fs.existsSync(join(run, checkpointsFolder, name)); copy += 1) {
    name = `${plain}-${copy}`;
  }
  return name;
}

/**
 * The names after training has been taken back to the checkpoint called `name`: it becomes the last one, and later ones
 * lose their names.
 */
export function rewound(pointers: Pointers, name: CheckpointName): Pointers {
  const last = pointers[name]!;
  const unlessLater = (folder: string | null) =>
    folder !== null && Number.parseInt(folder, 10) <= Number.parseInt(last, 10) ? folder : null;
  return {
    last,
    best: unlessLater(pointers.best) ?? (pointers.best && last),
    previous: name === 'last' ? pointers.previous : null,
  };
}
