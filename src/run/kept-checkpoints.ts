import fs from 'node:fs';
import { join } from 'node:path';
import { Failure, reportingSystemErrors } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { readBytes } from '../common/read-file.ts';
import { removeTemporaries, replaceFile } from '../common/replace-file.ts';
import { hashOf } from './checked-json.ts';
import { keptFolder } from './kept-points.ts';
import { decode, encode, type NamedTensors } from './safetensors.ts';

/** Frames, and the start of the file's SHA-256. */
const FILE = /^(\d{12,})-([0-9a-f]{12})\.safetensors$/;
const HASH = 12;

/** The parameters of an agent at some point of its training. */
export interface KeptCheckpoint {
  readonly frames: number;
  /** Names it by its frames and its content: `160-0123456789ab`. */
  readonly id: string;
  readonly file: string;
}

/** What a run keeps, the fewest frames first. */
export function listKept(run: string): KeptCheckpoint[] {
  const folder = join(run, keptFolder);
  if (!fs.existsSync(folder)) return [];
  const names = reportingSystemErrors('read the folder', folder, () => fs.readdirSync(folder));
  return names
    .flatMap((file) => {
      const [, padded, hash] = FILE.exec(file) ?? [];
      const frames = Number(padded);
      return padded === undefined ? [] : [{ frames, id: `${frames}-${hash}`, file }];
    })
    .sort((one, other) => one.frames - other.frames || (one.file < other.file ? -1 : 1));
}

/** At most so many of them, the first and the last among them, as evenly spread as they can be. */
export function spread(
  kept: readonly KeptCheckpoint[],
  most = kept.length,
): readonly KeptCheckpoint[] {
  if (kept.length <= most) return kept;
  const step = (kept.length - 1) / Math.max(1, most - 1);
  return Array.from({ length: most }, (_, i) => kept[Math.round(i * step)]!);
}

/** @throws Failure where it is gone or damaged */
export function readKept(run: string, { frames, file }: KeptCheckpoint): NamedTensors {
  const path = join(run, keptFolder, file);
  const bytes = readBytes(path);
  if (!file.includes(`-${hashOf(bytes).slice(0, HASH)}.`))
    throw new Failure(`${path} is damaged: its SHA-256 is not the one in its name`);
  try {
    return decode(bytes);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new Failure(`${path}, kept at ${frames} frames, cannot be read: ${reason}`, { cause });
  }
}

/** Keeps parameters. Afterwards they are on the disk; others of the same frames are gone. @throws Failure if the system refuses */
export function keep(run: string, frames: number, tensors: NamedTensors): void {
  const folder = join(run, keptFolder);
  const bytes = encode(tensors, { format: 'timegrid', frames: String(frames) });
  const hash = hashOf(bytes).slice(0, HASH);
  const file = `${String(frames).padStart(12, '0')}-${hash}.safetensors`;
  reportingSystemErrors('keep parameters in', folder, () => {
    makeFolder(folder);
    replaceFile(join(folder, file), bytes);
  });
  dropKept(run, (one) => one.frames === frames && one.file !== file);
}

/** Removes what a run keeps, or some of it, and what a killed process has left unfinished there. */
export function dropKept(run: string, isDropped: (kept: KeptCheckpoint) => boolean): void {
  const folder = join(run, keptFolder);
  if (!fs.existsSync(folder)) return;
  reportingSystemErrors('write to', folder, () => {
    removeTemporaries(folder);
    for (const kept of listKept(run)) if (isDropped(kept)) fs.rmSync(join(folder, kept.file));
  });
}
