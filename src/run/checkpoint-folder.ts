import { join } from 'node:path';
import { Failure, reportingSystemErrors } from '../common/errors.ts';
import { readBytes, readText } from '../common/read-file.ts';
import { createFolder } from '../common/replace-file.ts';
import {
  type CheckpointRecord,
  checkpointFiles,
  checkpointOf,
  checkpointSchema,
  MOST_STATE,
  stateFile,
  tensorsFile,
} from './checkpoint.ts';
import { readWhole } from './json.ts';

/**
 * Writes a checkpoint's folder completely or not at all.
 *
 * @returns the checksum that names it
 * @throws Failure if the disk is full or the system refuses otherwise, or the worlds' state is too large to be read again
 * @throws TypeError as `checkpointFiles` does
 */
export function writeCheckpoint(
  folder: string,
  record: Omit<CheckpointRecord, 'tensorsHash' | 'sha256'>,
): string {
  const { files, sha256 } = checkpointFiles(record);
  const text = files[stateFile];
  if (text.length > MOST_STATE / 3 && Buffer.byteLength(text) > MOST_STATE) {
    throw new Failure(
      `cannot save the checkpoint ${folder}: the state of the worlds takes more than 256 MiB of JSON; train with fewer worlds, or let their state be smaller`,
    );
  }
  reportingSystemErrors('save the checkpoint', folder, () => createFolder(folder, files));
  return sha256;
}

/**
 * Reads a checkpoint's folder and verifies every byte of it.
 *
 * @throws Failure naming the file that is missing or damaged, and what is wrong with it
 */
export function readCheckpoint(folder: string): CheckpointRecord {
  const where = { state: join(folder, stateFile), tensors: join(folder, tensorsFile) };
  return checkpointOf(readText(where.state, MOST_STATE), readBytes(where.tensors), where);
}

/** The same without the tensors. */
export function readState(folder: string) {
  const { content, sha256 } = readWhole(join(folder, stateFile), checkpointSchema, MOST_STATE);
  return { ...content, sha256 };
}
