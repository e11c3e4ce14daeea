import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The start of the names of unfinished files and folders. */
const temporaryPrefix = '.tmp-';
/** Tells writers apart: on two machines that share a folder, two processes may have the same number. */
const writer = randomUUID().slice(0, 8);
let temporaries = 0;

/** A new name next to `path`, on the same disk, so that a rename can put it in place. */
export function temporaryBeside(path: string): string {
  temporaries += 1;
  const name = `${temporaryPrefix}${writer}-${temporaries}-${basename(path)}`;
  return join(dirname(path), name);
}

/** Whether a name in a folder belongs to something unfinished. */
export function isTemporary(name: string): boolean {
  return name.startsWith(temporaryPrefix);
}

/** Removes what a killed process left unfinished in `folder`. Only the holder of the lock may do that. */
export function removeTemporaries(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (isTemporary(name)) fs.rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Replaces a file. After a crash at any moment it holds the old content or the new one, never a mixture.
 *
 * @throws errors of `node:fs`; the old file is then untouched
 */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const temporary = temporaryBeside(path);
  try {
    writeDurably(temporary, content);
    fs.renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    throw error;
  }
  syncFolder(dirname(path));
}

/**
 * Makes a folder with all its files at once. After a crash at any moment it is whole or does not exist.
 *
 * @throws errors of `node:fs` (`ENOTEMPTY` or `EEXIST` where the folder exists and is not empty)
 */
export function createFolder(path: string, files: Record<string, string | Uint8Array>): void {
  const temporary = temporaryBeside(path);
  try {
    fs.mkdirSync(temporary);
    for (const [name, content] of Object.entries(files)) {
      writeDurably(join(temporary, name), content);
    }
    syncFolder(temporary);
    fs.renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    throw error;
  }
  syncFolder(dirname(path));
}

/** Writes a file and waits until the disk has it. */
function writeDurably(path: string, content: string | Uint8Array): void {
  fs.writeFileSync(path, content, { flush: true });
}

/** Waits until the disk has the names in a folder. Some systems cannot sync a folder; that is not an error. */
export function syncFolder(path: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(path, 'r');
    fs.fsyncSync(descriptor);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['EPERM', 'EACCES', 'EISDIR', 'EINVAL', 'ENOTSUP', 'EBADF'].includes(code)) throw error;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/** Removes what could not be finished; an error from here would hide the one that stopped it. */
function discard(path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch {}
}
