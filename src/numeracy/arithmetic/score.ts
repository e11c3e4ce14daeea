import * as z from 'zod';
import { measure } from '../measures.ts';
import { errorRatio, meanOver, type Numbers } from '../success.ts';
import type { TaskResult } from '../task.ts';

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

const meanAbsolute = (answers: Numbers, truth: Numbers): number =>
  meanOver(truth, (y, n) => Math.abs(answers[n]! - y));

/**
 * Error of a model as a share of an untrained one's: 0 is exact, 100 no better (Trask et al. 2018, table 1).
 * @returns null where the untrained one gives no finite numbers
 */
export function scaledError({ answers, untrained, truth }: Answered): number | null {
  const scaled = (100 * meanAbsolute(answers, truth)) / meanAbsolute(untrained, truth);
  return Number.isFinite(scaled) ? scaled : null;
}

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
