import * as z from 'zod';
import type { TaskResult } from '../task.ts';

const measure = z.number().nullable();

/** What a run of the task is kept as. */
export const arithmeticResult = z.strictObject({
  copies: z.array(
    z.strictObject({
      seed: z.int(),
      diverged: z.boolean(),
      /** Mean absolute errors on numbers like those of training and beyond them: 0 is exact, 100 what the model had untrained. */
      inside: measure,
      outside: measure,
      /** Root of the mean square error beyond training, in that of a model whose weights are off by ε. */
      ratio: measure,
      /** Whether that is below 1: the success of Madsen and Johansen 2020. */
      solved: z.boolean(),
      /** Whether it is once every weight is rounded to a whole number. */
      solvedWhole: z.boolean(),
      /** Greatest distance of a weight from the nearest of −1, 0 and 1. */
      sparsity: measure,
      /** Steps of training after which the error stayed below the limit. */
      solvedAt: measure,
      /** What it computes, where it can be read. */
      formula: z.string().nullable(),
    }),
  ),
});

export type ArithmeticResult = z.infer<typeof arithmeticResult> & TaskResult;
export type ArithmeticCopy = ArithmeticResult['copies'][number];

type Numbers = Float32Array | Float64Array;

const meanOver = (truth: Numbers, of: (y: number, n: number) => number): number => {
  let sum = 0;
  for (let n = 0; n < truth.length; n += 1) sum += of(truth[n]!, n);
  return sum / truth.length;
};

export const meanAbsolute = (answers: Numbers, truth: Numbers): number =>
  meanOver(truth, (y, n) => Math.abs(answers[n]! - y));

export const meanSquare = (answers: Numbers, truth: Numbers): number =>
  meanOver(truth, (y, n) => (answers[n]! - y) ** 2);

/**
 * Error of a model as a share of an untrained one's: 0 is exact, 100 no better (Trask et al. 2018, table 1).
 * @returns null where the untrained one gives no finite numbers
 */
export function scaledError({ answers, untrained, truth }: Answered): number | null {
  const scaled = (100 * meanAbsolute(answers, truth)) / meanAbsolute(untrained, truth);
  return Number.isFinite(scaled) ? scaled : null;
}

/**
 * The error of a model in that of one whose weights are off by ε: below 1, it has found the operation.
 * @param nearly what the model answers whose weights are off by ε
 * @returns NaN where an answer is not a finite number
 */
export const errorRatio = (answers: Numbers, nearly: Numbers, truth: Numbers): number =>
  Math.sqrt(meanSquare(answers, truth) / meanSquare(nearly, truth));

/** The greatest distance of a weight from the nearest of −1, 0 and 1 (Madsen and Johansen 2020, section 4.1). */
export const sparsityError = (weights: readonly Float32Array[]): number =>
  weights
    .flatMap((matrix) => [...matrix])
    .reduce((most, w) => Math.max(most, Math.min(Math.abs(w), Math.abs(1 - Math.abs(w)))), 0);

/** What one model is scored by. */
export interface Answered {
  readonly answers: Numbers;
  /** Of the same model before its training. */
  readonly untrained: Numbers;
  readonly truth: Numbers;
}

/** The scores of one model; null where an answer is not a finite number. */
export function scoreModel(
  inside: Answered,
  outside: Answered & { readonly nearly: Numbers; readonly whole: Numbers | null },
): Pick<ArithmeticCopy, 'inside' | 'outside' | 'ratio' | 'solved' | 'solvedWhole'> | null {
  if (![inside, outside].every(({ answers }) => answers.every(Number.isFinite))) return null;
  const { answers, truth, nearly, whole } = outside;
  const ratio = errorRatio(answers, nearly, truth);
  return {
    inside: scaledError(inside),
    outside: scaledError(outside),
    ratio,
    solved: ratio < 1,
    solvedWhole: whole !== null && errorRatio(whole, nearly, truth) < 1,
  };
}

/** Wilson's interval of a share, at 95 %. */
export function wilson(hits: number, count: number): [low: number, high: number] {
  const z = 1.959964;
  const p = hits / count;
  const centre = (p + z ** 2 / (2 * count)) / (1 + z ** 2 / count);
  const half =
    (z / (1 + z ** 2 / count)) * Math.sqrt((p * (1 - p)) / count + z ** 2 / (4 * count ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
