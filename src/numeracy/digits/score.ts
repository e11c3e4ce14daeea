import * as z from 'zod';
import { measure } from '../measures.ts';
import type { TaskResult } from '../task.ts';

/** What a copy reached on sequences of one length. */
const lengthSchema = z.strictObject({
  length: z.int(),
  /** Mean absolute error of the answer, over its numbers and all sequences. */
  error: measure,
  /** Share of sequences whose answer is right once it is rounded. */
  right: measure,
  /** The same where what the cell reads of each picture is rounded, too; null for a cell that adds nothing up. */
  roundedError: measure,
  roundedRight: measure,
  /** The same for a perfect counter that misreads as many pictures. */
  perfectError: measure,
  perfectRight: measure,
});
export type LengthScore = z.infer<typeof lengthSchema>;

/** What a run of the task is kept as. */
export const digitsResult = z.strictObject({
  copies: z.array(
    z.strictObject({
      seed: z.int(),
      diverged: z.boolean(),
      /** Share of single test pictures that are read right. */
      read: measure,
      /** Mean absolute error on validation pictures, at the longest sequences of training. */
      validation: measure,
      tests: z.array(lengthSchema),
    }),
  ),
  /** Pictures that were measured with. */
  pictures: z.strictObject({ validation: z.int(), test: z.int() }),
});
export type DigitsResult = z.infer<typeof digitsResult> & TaskResult;

/**
 * How near answers come.
 * @param answers and truth [S, O]
 * @returns mean absolute error, and the share of sequences in which each number is nearest to the right one; null where an answer is
 *   not a finite number
 */
export function scoreAnswers(
  answers: Float32Array,
  truth: Float32Array,
  outputs: number,
): { error: number; right: number } | null {
  if (!answers.every(Number.isFinite)) return null;
  const sequences = truth.length / outputs;
  let sum = 0;
  let right = 0;
  for (let s = 0; s < sequences; s += 1) {
    let isRight = true;
    for (let o = s * outputs; o < (s + 1) * outputs; o += 1) {
      const error = Math.abs(answers[o]! - truth[o]!);
      sum += error;
      isRight &&= error < 0.5;
    }
    if (isRight) right += 1;
  }
  return { error: sum / truth.length, right: right / sequences };
}

/**
 * Which digit a model takes a picture for, by its answer to that picture alone: the one that it counts most of, or the nearest to the sum.
 * @param answers [N, O]
 */
export function digitsRead(answers: Float32Array, outputs: number): Uint8Array {
  return Uint8Array.from({ length: answers.length / outputs }, (_, i) => {
    const own = answers.subarray(i * outputs, (i + 1) * outputs);
    return outputs === 1
      ? Math.max(0, Math.min(9, Math.round(own[0]!)))
      : own.indexOf(Math.max(...own));
  });
}
