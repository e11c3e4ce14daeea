import { DrawnNumbers } from '../drawn-numbers.ts';
import { EPSILON } from '../success.ts';

export const OPERATIONS = ['add', 'subtract', 'multiply', 'divide', 'square', 'root'] as const;
export type Operation = (typeof OPERATIONS)[number];

export const SYMBOLS: Readonly<Record<Operation, string>> = {
  add: 'a + b',
  subtract: 'a − b',
  multiply: 'a × b',
  divide: 'a ÷ b',
  square: 'a²',
  root: '√a',
};

const compute: Readonly<Record<Operation, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  square: (a) => a * a,
  root: (a) => Math.sqrt(a),
};

/** How the inputs of a sample arrive. */
export interface SampleForm {
  /** At each step. */
  readonly inputs: number;
  /** Of a sample in training. */
  readonly steps: number;
  /** Inputs whose sum over all steps is a, and those it shares with b. */
  readonly slice: number;
  readonly overlap: number;
  /** Steps of a sample in the test of extrapolation, and what its inputs are drawn from. */
  readonly testSteps: number;
  readonly testRange: readonly [number, number];
}

export const TRAINING_RANGE = [1, 2] as const;

/**
 * All at once, with sizes and ranges of Madsen and Johansen 2020, section 4.1; and over ten steps, with the same shares and a test of
 * a thousand steps (Trask et al. 2018, section 4.1).
 */
export const FORMS = {
  static: { inputs: 100, steps: 1, slice: 25, overlap: 12, testSteps: 1, testRange: [2, 6] },
  recurrent: { inputs: 10, steps: 10, slice: 2, overlap: 1, testSteps: 1000, testRange: [1, 2] },
} as const satisfies Record<string, SampleForm>;
export type FormName = keyof typeof FORMS;
export const FORM_NAMES = ['static', 'recurrent'] as const;

/** The first inputs of the two overlapping slices whose sums are a and b. */
export interface Slices {
  readonly a: number;
  readonly b: number;
}

/** They depend on the seed alone, not on the operation. */
export function slicesOf({ inputs, slice, overlap }: SampleForm, seed: number): Slices {
  const last = inputs - 2 * slice + overlap;
  const a = new DrawnNumbers(`arithmetic/slices/${inputs}/${seed}`).integer(0, last);
  return { a, b: a + slice - overlap };
}

/** Draws the inputs of N samples. @returns [N, T, I] */
export const drawInputs = (
  key: string,
  N: number,
  { inputs }: SampleForm,
  steps: number,
  [low, high]: readonly [number, number],
): Float32Array => new DrawnNumbers(key).fill(new Float32Array(N * steps * inputs), low, high);

/**
 * The sum over all steps of `count` inputs of each sample.
 * @param x [N, T, I] @returns [N]
 */
function sums(x: Float32Array, I: number, T: number, from: number, count: number): Float64Array {
  const all = new Float64Array(x.length / (T * I));
  let at = from;
  for (let n = 0; n < all.length; n += 1) {
    let sum = 0;
    for (let t = 0; t < T; t += 1, at += I) {
      for (let i = at; i < at + count; i += 1) sum += x[i]!;
    }
    all[n] = sum;
  }
  return all;
}

/** The truth. @param x [N, T, I] @param steps T @returns y [N] */
export function truthOf(
  operation: Operation,
  { inputs, slice }: SampleForm,
  slices: Slices,
  x: Float32Array,
  steps: number,
): Float64Array {
  const of = compute[operation];
  const a = sums(x, inputs, steps, slices.a, slice);
  const b = sums(x, inputs, steps, slices.b, slice);
  for (let n = 0; n < a.length; n += 1) a[n] = of(a[n]!, b[n]!);
  return a;
}

/**
 * What a model answers that has the right structure and whose weights are all off by ε: ε instead of 0, and 1 − ε instead of 1
 * (Madsen and Johansen 2020, section 4.1).
 * @param x [N, T, I] @param steps T @returns [N]
 */
export function nearlyRight(
  operation: Operation,
  { inputs, slice }: SampleForm,
  slices: Slices,
  x: Float32Array,
  steps: number,
  epsilon = EPSILON,
): Float64Array {
  const all = sums(x, inputs, steps, 0, inputs);
  const [a, b] = [slices.a, slices.b].map((from) =>
    sums(x, inputs, steps, from, slice).map(
      (sum, n) => (1 - 2 * epsilon) * sum + epsilon * all[n]!,
    ),
  );
  return a!.map((value, n) => compute[operation](value, b![n]!));
}

/**
 * What has come in by the last step, each input by itself.
 * @param x [N, T, I] @param steps T @returns [I, N]
 */
export function byInput(x: Float32Array, { inputs }: SampleForm, steps: number): Float64Array {
  const N = x.length / (steps * inputs);
  const all = new Float64Array(N * inputs);
  for (let n = 0; n < N; n += 1) {
    for (let at = n * steps * inputs; at < (n + 1) * steps * inputs; at += inputs) {
      for (let i = 0; i < inputs; i += 1) all[i * N + n]! += x[at + i]!;
    }
  }
  return all;
}
