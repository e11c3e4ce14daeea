import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Failure } from '../../common/errors.ts';
import { drawDigit } from './draw-digits.ts';
import { type IdxPart, readIdx } from './idx-files.ts';
import { type Digits, imageAt, PIXELS } from './images.ts';

/**
 * What a run's settings say of its digits; never where they lie. `digits from files` are in MNIST's format but are not MNIST.
 */
export const dataSchema = z.strictObject({
  kind: z.enum(['drawn digits', 'MNIST', 'digits from files']),
  /** Drawn for training; absent for files. */
  drawn: z.int().optional(),
  /** Of each file's unpacked bytes; absent for drawn digits. */
  sha256: z.record(z.string(), z.string()).optional(),
});
export type DigitData = z.infer<typeof dataSchema>;

/** The SHA-256 of MNIST's unpacked files. */
const MNIST: Readonly<Record<string, string>> = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
};

/** Of drawn digits, how many are trained on for each that is for validation, and for each of the test. */
const DRAWN_FOR_EACH = { validation: 15, test: 3 } as const;
/** The last twelfth of the training files is for validation: 5,000 of MNIST's 60,000. */
const VALIDATION_SHARE = 12;

/**
 * What the digits of a study are.
 * @param drawn how many to draw for training where there is no folder
 * @throws Failure for a folder without four whole files
 */
export function describeData(folder: string | undefined, drawn: number): DigitData {
  if (folder === undefined) return { kind: 'drawn digits', drawn };
  const sha256 = { ...readIdx(folder, 'train').sha256, ...readIdx(folder, 'test').sha256 };
  const isMnist = Object.entries(MNIST).every(([name, hash]) => sha256[name] === hash);
  return { kind: isMnist ? 'MNIST' : 'digits from files', sha256 };
}

/** The digits that models learn from. */
export const trainingDigits = (data: DigitData, folder: string | undefined): Digits =>
  data.drawn === undefined
    ? splitTraining(filesOf(data, folder, 'train')).train
    : drawDigits(data.drawn, 'digits/train');

export interface MeasuringDigits {
  readonly validation: Digits;
  readonly test: Digits;
}

/** The runs of a study are measured with the same digits. */
let last: { readonly key: string; readonly digits: MeasuringDigits } | undefined;

/** The digits that models are measured with: no picture is also one of another split. */
export function measuringDigits(data: DigitData, folder: string | undefined): MeasuringDigits {
  const key = JSON.stringify([data, folder]);
  if (last?.key !== key) last = { key, digits: splitOff(data, folder) };
  return last.digits;
}

function splitOff(data: DigitData, folder: string | undefined): MeasuringDigits {
  const train = trainingDigits(data, folder);
  const [validation, test] =
    data.drawn === undefined
      ? [splitTraining(filesOf(data, folder, 'train')).validation, filesOf(data, folder, 'test')]
      : (['validation', 'test'] as const).map((split) =>
          drawDigits(Math.ceil(data.drawn! / DRAWN_FOR_EACH[split]), `digits/${split}`),
        );
  const fresh = without(validation!, [train]);
  return { validation: fresh, test: without(test!, [train, fresh]) };
}

/** @throws Failure for files that are not those that the run was planned with */
function filesOf({ sha256 }: DigitData, folder: string | undefined, part: IdxPart): Digits {
  if (folder === undefined) {
    throw new Failure('this study has digits from files; name their folder with --data');
  }
  const digits = readIdx(folder, part);
  for (const [name, hash] of Object.entries(digits.sha256)) {
    if (sha256?.[name] !== hash) {
      throw new Failure(
        `${name} in ${folder} is not the file that this study began with; put that one back, or use another --folder`,
      );
    }
  }
  return digits;
}

function splitTraining(digits: Digits): { train: Digits; validation: Digits } {
  const count = digits.labels.length;
  const trained = count - Math.ceil(count / VALIDATION_SHARE);
  const part = (from: number, to: number): Digits => ({
    images: digits.images.subarray(from * PIXELS, to * PIXELS),
    labels: digits.labels.subarray(from, to),
  });
  return { train: part(0, trained), validation: part(trained, count) };
}

/** Draws so many digits, as many of each. @param key decides all of them */
export function drawDigits(count: number, key: string): Digits {
  const digits = { images: new Uint8Array(count * PIXELS), labels: new Uint8Array(count) };
  for (let i = 0; i < count; i += 1) {
    digits.labels[i] = i % 10;
    drawDigit(i % 10, `${key}/${i}`, imageAt(digits, i));
  }
  return digits;
}

/** Names a picture by its content. */
export const hashOf = (digits: Digits, index: number): string =>
  createHash('sha1').update(imageAt(digits, index)).digest('base64');

/** The digits whose pictures are in none of the others. */
export function without(digits: Digits, others: readonly Digits[]): Digits {
  const taken = new Set(
    others.flatMap((other) => Array.from(other.labels, (_, i) => hashOf(other, i))),
  );
  const kept = Array.from(digits.labels.keys()).filter((i) => !taken.has(hashOf(digits, i)));
  if (kept.length === digits.labels.length) return digits;
  const images = new Uint8Array(kept.length * PIXELS);
  for (const [at, i] of kept.entries()) images.set(imageAt(digits, i), at * PIXELS);
  return { images, labels: Uint8Array.from(kept, (i) => digits.labels[i]!) };
}
