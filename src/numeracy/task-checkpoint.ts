import fs from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { Failure, reportingSystemErrors } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { replaceFile } from '../common/replace-file.ts';
import { stringifyChecked } from '../run/checked-json.ts';
import { readWhole } from '../run/json.ts';
import type { TaskSettings, Tensors32 } from './task.ts';

const checkpointFile = 'checkpoint.json';
const FORMAT = 1;
const MOST_BYTES = 2 ** 29;

/** How far the training of a task's run has come. */
export interface TaskCheckpoint {
  /** The task's id and the run's name. */
  readonly task: string;
  readonly name: string;
  readonly settings: TaskSettings;
  /** Steps made. */
  readonly step: number;
  /** What the training saved after them. */
  readonly tensors: Tensors32;
}

const schema = z.strictObject({
  format: z.literal(FORMAT),
  task: z.string(),
  name: z.string(),
  settings: z.record(z.string(), z.json()),
  step: z.int().min(0),
  /** Float32 numbers, little-endian, in base64: bits that JSON's numbers have no way to write, such as NaN, are kept. */
  tensors: z.record(z.string(), z.base64()),
});

/** Writes it as one file, completely or not at all. @throws Failure where the system refuses */
export function writeTaskCheckpoint(folder: string, checkpoint: TaskCheckpoint): void {
  const { tensors, ...rest } = checkpoint;
  const coded = Object.entries(tensors).map(([name, values]) => {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    return [name, bytes.toString('base64')];
  });
  const content = { format: FORMAT, ...rest, tensors: Object.fromEntries(coded) };
  const { text } = stringifyChecked(content, 'checkpoint');
  const path = join(folder, checkpointFile);
  makeFolder(folder);
  reportingSystemErrors('save', path, () => replaceFile(path, text));
}

/** @returns undefined where nothing was saved yet @throws Failure for a file that is damaged, or cannot be read */
export function readTaskCheckpoint(folder: string): TaskCheckpoint | undefined {
  const path = join(folder, checkpointFile);
  if (!fs.existsSync(path)) return undefined;
  const { content } = readWhole(path, schema, MOST_BYTES);
  const { format: _, tensors, ...rest } = content;
  return {
    ...rest,
    tensors: Object.fromEntries(
      Object.entries(tensors).map(([name, text]) => [name, floatsOf(path, name, text)]),
    ),
  };
}

function floatsOf(path: string, name: string, text: string): Float32Array {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  if (bytes.length % 4 !== 0) {
    throw new Failure(
      `${path} is damaged: the bytes of ${name} are not a whole number of float32 values`,
    );
  }
  return new Float32Array(bytes.buffer);
}
