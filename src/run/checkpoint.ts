import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Failure, reportingSystemErrors } from '../common/errors.ts';
import { readBytes } from '../common/read-file.ts';
import { createFolder } from '../common/replace-file.ts';
import { readJsonObject, stringifyExactly } from './json.ts';
import { decode, encode, type NamedTensors } from './safetensors.ts';

const tensorsFile = 'tensors.safetensors';
const stateFile = 'state.json';

/** Everything that a training needs to resume. */
export interface Checkpoint {
  /** Frames trained so far. */
  readonly frames: number;
  /** Parameters, optimiser, recurrent state…, by name. */
  readonly tensors: NamedTensors;
  /** Everything else: generators, worlds, counters. Plain JSON with finite numbers. */
  readonly state: Record<string, unknown>;
}

/** Bytes that the run's logs held at that moment. */
export interface LogLengths {
  readonly metrics: number;
  readonly events: number;
}

/** A checkpoint as it was read. */
export interface VerifiedCheckpoint extends Checkpoint {
  readonly logs: LogLengths;
  /** Of the file that holds the tensors. */
  readonly sha256: string;
}

/** What a checkpoint's JSON holds, besides the SHA-256 of its compact text. */
interface Content extends Pick<Checkpoint, 'frames' | 'state'> {
  readonly tensors: { readonly sha256: string; readonly bytes: number };
  readonly logs: LogLengths;
}

/**
 * Writes a checkpoint's folder completely or not at all.
 *
 * @throws Failure if the disk is full or the system refuses otherwise
 * @throws TypeError naming the part of the state that JSON cannot hold, or the inconsistent tensor
 */
export function writeCheckpoint(
  folder: string,
  { frames, tensors, state }: { frames: number; tensors: NamedTensors; state: object },
  logs: LogLengths,
): void {
  if (!Number.isSafeInteger(frames) || frames < 0) throw new TypeError(`${frames} frames`);
  const bytes = encode(tensors, { format: 'timegrid', frames: String(frames) });
  const content = { frames, tensors: { sha256: sha256(bytes), bytes: bytes.length }, logs, state };
  const json = stringifyExactly(content, 'checkpoint');
  const files = {
    [tensorsFile]: bytes,
    [stateFile]: `{"sha256":"${sha256(json)}","content":${json}}\n`,
  };
  reportingSystemErrors('save the checkpoint', folder, () => createFolder(folder, files));
}

/**
 * Reads a checkpoint's folder and verifies every byte of it.
 *
 * @throws Failure naming the file that is missing or damaged, and what is wrong with it
 */
export function readCheckpoint(folder: string): VerifiedCheckpoint {
  const statePath = join(folder, stateFile);
  const raw = readJsonObject(statePath);
  if (raw.content === undefined || raw.sha256 !== sha256(JSON.stringify(raw.content))) {
    throw new Failure(`${statePath} is damaged: its checksum does not match its content`);
  }
  const { frames, tensors: expected, logs, state } = raw.content as Content;

  const path = join(folder, tensorsFile);
  const bytes = readBytes(path);
  if (bytes.length !== expected.bytes) {
    throw new Failure(
      `${path} is damaged: it holds ${bytes.length} bytes where ${expected.bytes} were written`,
    );
  }
  if (sha256(bytes) !== expected.sha256) {
    throw new Failure(`${path} is damaged: its SHA-256 is not the one in ${stateFile}`);
  }
  try {
    return { frames, tensors: decode(bytes), logs, state, sha256: expected.sha256 };
  } catch (cause) {
    throw new Failure(`${path} is damaged: ${(cause as Error).message}`, { cause });
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

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
