import fs from 'node:fs';
import { Failure, reportingSystemErrors } from './errors.ts';
import { replaceFile, temporaryBeside } from './replace-file.ts';

/**
 * Checks that a file can be written, before any work is done for it.
 * @throws Failure in one sentence
 */
export function requireWritable(path: string): void {
  reportingSystemErrors('write', path, () => {
    if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Failure(
        `cannot write ${path}: it is a folder where a file is needed; choose another path`,
      );
    }
    const trial = temporaryBeside(path);
    fs.writeFileSync(trial, '', { flag: 'wx' });
    fs.rmSync(trial);
  });
}

/**
 * Writes a file, or replaces it as a whole.
 * @throws Failure in one sentence; the old file is then untouched
 */
export function writeOutput(path: string, content: string | Uint8Array): void {
  reportingSystemErrors('write', path, () => replaceFile(path, content));
}
