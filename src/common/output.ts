import fs from 'node:fs';
import { printableLines } from '../../env/printable.ts';
import { Failure, reportingSystemErrors } from './errors.ts';
import { followLinks } from './follow-links.ts';
import { replaceFile, temporaryBeside } from './replace-file.ts';

/**
 * Where an output goes: a regular file, which is replaced as a whole; a device or pipe, which is written to as it is; or a
 * descriptor that this process has open already.
 */
type Destination =
  | { readonly kind: 'file' | 'stream'; readonly path: string }
  | { readonly kind: 'descriptor'; readonly descriptor: number };

/** Whether `path` names a device, a pipe or an open descriptor: writing there replaces nothing. */
export function isStream(path: string): boolean {
  return reportingSystemErrors('write', path, () => destinationOf(path).kind !== 'file');
}

/**
 * Checks that an output can be written, before any work is done for it.
 * @throws Failure in one sentence
 */
export function requireWritable(path: string): void {
  reportingSystemErrors('write', path, () => {
    const destination = destinationOf(path);
    if (destination.kind === 'stream') fs.accessSync(destination.path, fs.constants.W_OK);
    if (destination.kind !== 'file') return;
    const trial = temporaryBeside(destination.path);
    fs.writeFileSync(trial, '', { flag: 'wx' });
    fs.rmSync(trial);
  });
}

/**
 * Writes an output: replaces a file as a whole, follows symbolic links, and writes through devices and pipes. Control characters in
 * a text are quoted, which leaves JSON the same value.
 * @throws Failure in one sentence; a file that was there is then untouched
 */
export function writeOutput(path: string, given: string | Uint8Array): void {
  const content = typeof given === 'string' ? printableLines(given) : given;
  reportingSystemErrors('write', path, () => {
    const destination = destinationOf(path);
    if (destination.kind === 'file') return replaceFile(destination.path, content);
    if (destination.kind === 'descriptor') return writeAll(destination.descriptor, content);
    const descriptor = fs.openSync(destination.path, fs.constants.O_WRONLY);
    try {
      writeAll(descriptor, content);
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

/**
 * Writes a file of a folder that may come from elsewhere: what has its name, a link or a device too, is replaced and not followed.
 * @throws Failure in one sentence; what was there is then untouched
 */
export function writeWithin(path: string, content: string | Uint8Array): void {
  reportingSystemErrors('write', path, () => replaceFile(path, content));
}

function destinationOf(path: string): Destination {
  const place = followLinks(path);
  if (typeof place === 'number') {
    fs.fstatSync(place);
    return { kind: 'descriptor', descriptor: place };
  }
  const stats = fs.statSync(place, { throwIfNoEntry: false });
  if (stats?.isDirectory() || stats?.isSocket()) {
    const kind = stats.isSocket() ? 'socket' : 'folder';
    throw new Failure(
      `cannot write ${path}: it is a ${kind} where a file is needed; choose another path`,
    );
  }
  return { kind: stats === undefined || stats.isFile() ? 'file' : 'stream', path: place };
}

/** Writes everything, at a reader's pace. */
function writeAll(descriptor: number, content: string | Uint8Array): void {
  const bytes = Buffer.from(content);
  for (let start = 0; start < bytes.length; ) {
    try {
      start += fs.writeSync(descriptor, bytes, start);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
