import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Failure } from '../../common/errors.ts';
import { readBytes } from '../../common/read-file.ts';
import { type Digits, PIXELS, SIDE } from './images.ts';

/** MNIST's files, as they are distributed: pictures and labels of each part. Each may also be packed, its name then ending in `.gz`. */
export const IDX_FILES = {
  train: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'],
  test: ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
} as const;
export type IdxPart = keyof typeof IDX_FILES;

/** A file is smaller than this, packed and unpacked; MNIST's largest has 45 MiB. */
const MOST_BYTES = 64 * 2 ** 20;
/** Fewer pictures cannot be split, and measure nothing. */
const FEWEST = 20;

/** Dimensions in the header of unsigned bytes, by their number: `00 00 08` and this. */
const IMAGES_MAGIC = 0x0803;
const LABELS_MAGIC = 0x0801;

/** One part of the data: its digits, and the SHA-256 of each file's unpacked bytes. */
export interface IdxDigits extends Digits {
  readonly sha256: Readonly<Record<string, string>>;
}

/**
 * The digits of one part of MNIST, or of another set of the same format, from a folder.
 * @throws Failure in one sentence for a file that is missing or damaged, or does not go with the other
 */
export function readIdx(folder: string, part: IdxPart): IdxDigits {
  requireFolder(folder);
  const [imagesName, labelsName] = IDX_FILES[part];
  const images = readUnpacked(folder, imagesName);
  const labels = readUnpacked(folder, labelsName);
  const count = requireHeader(images, IMAGES_MAGIC, [SIDE, SIDE]);
  const labelled = requireHeader(labels, LABELS_MAGIC, []);
  if (count !== labelled) {
    throw new Failure(
      `${images.path} has ${count} pictures but ${labels.path} has ${labelled} labels; both must be of the same set`,
    );
  }
  if (count < FEWEST) {
    throw new Failure(`${images.path} has ${count} pictures; at least ${FEWEST} are needed`);
  }
  const digits = { images: images.bytes.subarray(16), labels: labels.bytes.subarray(8) };
  const wrong = digits.labels.findIndex((label) => label > 9);
  if (wrong >= 0) {
    throw new Failure(
      `${labels.path} is damaged: label ${wrong} is ${digits.labels[wrong]}; a label is a digit from 0 to 9`,
    );
  }
  const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  return {
    ...digits,
    sha256: { [imagesName]: hash(images.bytes), [labelsName]: hash(labels.bytes) },
  };
}

const allNames = Object.values(IDX_FILES).flat().join(', ');

function requireFolder(folder: string): void {
  const stats = fs.statSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return;
  throw new Failure(
    `${folder} is ${stats ? 'not a folder' : 'missing'}; --data must name a folder with ${allNames}`,
  );
}

interface Unpacked {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The file of that name, or the packed one. */
function readUnpacked(folder: string, name: string): Unpacked {
  const plain = join(folder, name);
  if (fs.existsSync(plain)) return { path: plain, bytes: readBytes(plain, MOST_BYTES) };
  const path = `${plain}.gz`;
  if (!fs.existsSync(path)) {
    throw new Failure(
      `${folder} has neither ${name} nor ${name}.gz; it must hold ${allNames}, compressed or not`,
    );
  }
  const packed = readBytes(path, MOST_BYTES);
  try {
    return { path, bytes: gunzipSync(packed, { maxOutputLength: MOST_BYTES }) };
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const why = tooLarge
      ? `it unpacks to more than ${MOST_BYTES / 2 ** 20} MiB`
      : `it cannot be unpacked (${(error as Error).message})`;
    throw new Failure(`${path} is damaged: ${why}; get the file again`, { cause: error });
  }
}

/** @returns how many items the file has @throws Failure for a header or a size that is wrong */
function requireHeader(
  { path, bytes }: Unpacked,
  magic: number,
  dimensions: readonly number[],
): number {
  const header = 8 + 4 * dimensions.length;
  const damaged = (why: string): Failure => new Failure(`${path} is damaged: ${why}`);
  if (bytes.length < header) {
    throw damaged(`it has ${bytes.length} bytes, fewer than the ${header} of its header`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, header);
  if (view.getUint32(0) !== magic) {
    throw damaged(`it begins with ${hex(view.getUint32(0))} instead of ${hex(magic)}`);
  }
  for (const [i, size] of dimensions.entries()) {
    const found = view.getUint32(8 + 4 * i);
    if (found !== size)
      throw damaged(`its pictures are ${found} pixels wide or high instead of ${size}`);
  }
  const count = view.getUint32(4);
  const expected = header + count * dimensions.reduce((a, b) => a * b, 1);
  if (bytes.length !== expected) {
    throw damaged(
      `it has ${bytes.length} bytes, but the ${count} items of its header need ${expected}`,
    );
  }
  return count;
}

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

/** The bytes of two IDX files that hold these digits. */
export function idxBytes({ images, labels }: Digits): { images: Buffer; labels: Buffer } {
  const count = labels.length;
  const header = (...values: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(4 * values.length);
    for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
    return bytes;
  };
  return {
    images: Buffer.concat([
      header(IMAGES_MAGIC, count, SIDE, SIDE),
      images.subarray(0, count * PIXELS),
    ]),
    labels: Buffer.concat([header(LABELS_MAGIC, count), labels]),
  };
}
