import * as z from 'zod';
import { measure } from '../measures.ts';
import type { TaskResult } from '../task.ts';

/** What a run of the task is kept as. */
export const identityResult = z.strictObject({
  copies: z.array(
    z.strictObject({
      seed: z.int(),
      diverged: z.boolean(),
      /** Mean absolute error at numbers of the training range. */
      inside: measure,
      /** The same at the others, out to four times the range. */
      outside: measure,
      /** Greatest relative error at ±10⁶. */
      far: measure,
    }),
  ),
  /** Mean absolute error of the copies at each number. */
  curve: z.array(z.strictObject({ x: z.number(), error: measure })),
});

export type IdentityResult = z.infer<typeof identityResult> & TaskResult;

/** How far beyond the training range a curve goes, and points of it. */
const REACH = 4;
const POINTS = 161;
const FAR = 1e6;

/** The numbers of the test: out to four times the training range, and at the end ±10⁶. */
export const testedNumbers = (range: number): Float32Array =>
  Float32Array.from([
    ...Array.from({ length: POINTS }, (_, i) => REACH * range * ((2 * i) / (POINTS - 1) - 1)),
    -FAR,
    FAR,
  ]);

/** How near the answers of one model come; null where one is not a finite number. @param x and y [N] */
export function scoreCopy(x: Float32Array, y: Float32Array, range: number) {
  if (!y.every(Number.isFinite)) return null;
  const errors = Array.from(x, (value, i) => Math.abs(y[i]! - value));
  const meanWhere = (is: (size: number) => boolean): number => {
    const some = errors.filter((_, i) => is(Math.abs(x[i]!)));
    return some.reduce((a, b) => a + b, 0) / some.length;
  };
  const relative = errors.flatMap((error, i) => (Math.abs(x[i]!) === FAR ? [error / FAR] : []));
  return {
    errors,
    inside: meanWhere((size) => size <= range),
    outside: meanWhere((size) => size > range && size < FAR),
    far: Math.max(...relative),
  };
}
