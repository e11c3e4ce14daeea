import fs from 'node:fs';
import { dirname } from 'node:path';
import { Failure, isSystemError, reportingSystemErrors } from './errors.ts';

/**
 * Makes a folder, and those above it that are missing. The `recursive` of `fs.mkdirSync` does not serve: below /proc, where no
 * folder can be made and the system calls that ENOENT, it tries again for ever.
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
    return true;
  } catch (error) {
    // Perhaps since a moment ago: several trainings may make what is above them all.
    if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
    const sentence = `cannot create the folder ${path}: none can be made there; choose another place`;
    throw new Failure(sentence, { cause: error });
  }
}
