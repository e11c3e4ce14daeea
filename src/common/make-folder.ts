import fs from 'node:fs';
import { dirname } from 'node:path';
import { Failure, isSystemError, reportingSystemErrors } from './errors.ts';
import { followLinks } from './follow-links.ts';
import { syncFolder } from './replace-file.ts';

/**
 * Makes a folder, and those above it that are missing, and waits until the disk has them; where a symbolic link leads nowhere,
 * the folder that it names. The `recursive` option of `fs.mkdirSync` cannot be used: below /proc, where folders cannot be made
 * and the system reports ENOENT, it never stops trying.
 * @returns whether it was missing
 * @throws Failure in one sentence
 */
export function makeFolder(path: string): boolean {
  return reportingSystemErrors('create the folder', path, () => make(path));
}

function make(path: string): boolean {
  const above = dirname(path);
  if (above !== path && !fs.existsSync(above)) make(above);
  try {
    fs.mkdirSync(path);
    syncFolder(above);
    return true;
  } catch (error) {
    // Another training may have made it a moment ago.
    if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
    if (fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() && !fs.existsSync(path)) {
      return make(String(followLinks(path)));
    }
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
    const sentence = `cannot create the folder ${path}: folders cannot be made there; choose another place`;
    throw new Failure(sentence, { cause: error });
  }
}
