import fs from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What the names of half-made files and folders begin with. */
const temporaryPrefix = '.tmp-';
let temporaries = 0;

/** A new name beside `path`, on the same disk, so that a rename can put it in place. */
export function temporaryBeside(path: string): string {
  temporaries += 1;
  const name = `${temporaryPrefix}${process.pid}-${temporaries}-${basename(path)}`;
  return join(dirname(path), name);
}

/** Whether a name in a folder is that of something half made. */
export function isTemporary(name: string): boolean {
  return name.startsWith(temporaryPrefix);
}

/** Removes what a killed process left half made in `folder`. Only for the one that holds the lock. */
export function removeTemporaries(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (isTemporary(name)) fs.rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Replaces a file: after a crash at any moment it holds the old content or the new, never a mixture.
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
 * Makes a folder with all its files at once: after a crash at any moment it is whole or not there.
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

/** Waits until the disk has the names in a folder. Some systems cannot sync a folder; there it is no error. */
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

/** Removes what could not be finished; the error that stopped it matters more than one from here. */
function discard(path: string): void {
  try {
    fs.rmSync(path, { recursive: true, force: true });
  } catch {}
}
