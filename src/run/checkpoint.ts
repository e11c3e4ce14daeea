import * as z from 'zod';
import { Failure } from '../common/errors.ts';
import { hashOf, parseWhole, stringifyChecked } from './checked-json.ts';
import type { LogPosition } from './log-position.ts';
import { decode, encode, type NamedTensors } from './safetensors.ts';

export const tensorsFile = 'tensors.safetensors';
export const stateFile = 'state.json';

/** Everything that a training needs to resume. */
export interface Checkpoint {
  /** Frames trained so far. */
  readonly frames: number;
  /** Parameters, optimiser, recurrent state…, by name. */
  readonly tensors: NamedTensors;
  /** Everything else: generators, worlds, counters. Plain JSON with finite numbers. */
  readonly state: Record<string, unknown>;
}

/** How far the run's logs had come at that moment. */
export interface LogPositions {
  readonly metrics: LogPosition;
  readonly events: LogPosition;
}

/** A checkpoint as it is on the disk. */
export interface CheckpointRecord extends Checkpoint {
  readonly logs: LogPositions;
  /** Whether it had the best score so far. */
  readonly isBest: boolean;
  /** The run's description when it was saved. */
  readonly description: Readonly<Record<string, unknown>>;
  /** SHA-256 of the file that holds the tensors. */
  readonly tensorsHash: string;
  /** SHA-256 of all of this. */
  readonly sha256: string;
}

const whole = z.int().min(0);
const position = z.strictObject({ bytes: whole, entries: whole, crc32: whole });
const object = z.record(z.string(), z.unknown());
/** What a checkpoint's JSON holds, besides its own checksum. */
export const checkpointSchema = z.strictObject({
  frames: whole,
  isBest: z.boolean(),
  tensors: z.strictObject({ sha256: z.string(), bytes: whole }),
  logs: z.strictObject({ metrics: position, events: position }),
  description: object,
  state: object,
}) satisfies z.ZodType<Omit<CheckpointRecord, 'tensors' | 'tensorsHash' | 'sha256'>>;

/** Worlds may have much to remember. */
export const MOST_STATE = 2 ** 28;

/** The files of a checkpoint's folder by their names, and the checksum that names it. */
export interface CheckpointFiles {
  readonly files: {
    readonly [tensorsFile]: Uint8Array<ArrayBuffer>;
    readonly [stateFile]: string;
  };
  readonly sha256: string;
}

/** @throws TypeError naming the part of the state that JSON cannot hold, or the inconsistent tensor */
export function checkpointFiles({
  tensors,
  ...rest
}: Omit<CheckpointRecord, 'tensorsHash' | 'sha256'>): CheckpointFiles {
  const { frames } = rest;
  if (!Number.isSafeInteger(frames) || frames < 0) throw new TypeError(`${frames} frames`);
  requireFinite(tensors);
  const bytes = encode(tensors, { format: 'timegrid', frames: String(frames) });
  const content = { ...rest, tensors: { sha256: hashOf(bytes), bytes: bytes.length } };
  const { text, sha256 } = stringifyChecked(content, 'checkpoint');
  return { files: { [tensorsFile]: bytes, [stateFile]: text }, sha256 };
}

/**
 * A checkpoint of its files' contents, every byte of which is verified.
 * @param where names its folder in error messages
 * @throws Failure naming the file that is damaged, and what is wrong with it
 */
export function checkpointOf(
  text: string,
  bytes: Uint8Array,
  where: { readonly state: string; readonly tensors: string },
): CheckpointRecord {
  const { content: whole, sha256 } = parseWhole(text, where.state, checkpointSchema);
  const { tensors: expected, ...content } = whole;
  const path = where.tensors;
  if (bytes.length !== expected.bytes) {
    throw new Failure(
      `${path} is damaged: it holds ${bytes.length} bytes where ${expected.bytes} were written`,
    );
  }
  if (hashOf(bytes) !== expected.sha256) {
    throw new Failure(`${path} is damaged: its SHA-256 is not the one in ${stateFile}`);
  }
  try {
    const tensors = decode(bytes);
    requireFinite(tensors);
    return { ...content, sha256, tensors, tensorsHash: expected.sha256 };
  } catch (cause) {
    throw new Failure(`${path} is damaged: ${(cause as Error).message}`, { cause });
  }
}

/** @throws TypeError naming a tensor with a value that no network can compute with */
export function requireFinite(tensors: NamedTensors): void {
  for (const [name, { data }] of Object.entries(tensors)) {
    const broken = data.find((value) => !Number.isFinite(value));
    if (broken !== undefined) throw new TypeError(`${name} holds ${broken}`);
  }
}

/**
 * Requires that a checkpoint's tensors are exactly the expected ones: those of the same network.
 * @param expected the shape of each tensor by its name
 * @param where what the error begins with, such as the path of the run
 * @throws Failure naming the first tensor that is missing, unexpected or of another shape
 */
export function requireLayout(
  tensors: NamedTensors,
  expected: Readonly<Record<string, readonly number[]>>,
  where: string,
): void {
  for (const [name, shape] of Object.entries(expected)) {
    const found = Object.hasOwn(tensors, name) ? tensors[name]!.shape : undefined;
    if (found === undefined) throw new Failure(`${where} holds no tensor ${name}`);
    if (String(found) !== String(shape)) {
      throw new Failure(
        `${where} was made for another network: ${name} is [${found}], not [${shape}]`,
      );
    }
  }
  for (const name of Object.keys(tensors)) {
    if (!Object.hasOwn(expected, name)) {
      throw new Failure(`${where} was made for another network: it holds a tensor ${name}`);
    }
  }
}
