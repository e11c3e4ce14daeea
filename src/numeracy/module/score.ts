import * as z from 'zod';
import type { Cell } from '../../../agent/cells/cell.ts';
import type { TaskResult } from '../task.ts';
import { NAME } from './models.ts';
import { nearlyOf, type OperationName, operationNames, truthOf } from './problems.ts';

const measure = z.number().nullable();

/** For each operation, a measure on each of the nine ranges; null where the model is not finite. */
const measures = z.strictObject(
  Object.fromEntries(operationNames.map((name) => [name, z.array(measure)])) as Record<
    OperationName,
    z.ZodArray<typeof measure>
  >,
);

/** What a run of the task is kept as. */
export const moduleResult = z.strictObject({
  copies: z.array(
    z.strictObject({
      seed: z.int(),
      /** Whether a model of this seed is not finite. */
      diverged: z.boolean(),
      /** Root of the mean square error beyond training, in that of weights off by ε: found below 1 (Madsen and Johansen 2020). */
      ratio: measures,
      /** The same once every weight is whole. */
      wholeRatio: measures,
      /** Greatest distance of a weight that counts from the nearest of −1, 0 and 1. */
      sparsity: measures,
      /** Steps after which the error on the training range stayed below that of weights off by ε; null where it never did. */
      solvedAt: measures,
    }),
  ),
});

export type ModuleResult = z.infer<typeof moduleResult> & TaskResult;
export type ModuleCopy = ModuleResult['copies'][number];
/** What is measured of each model. */
export type ModelMeasures = Record<'ratio' | 'wholeRatio' | 'sparsity' | 'solvedAt', number | null>;

type Numbers = Float32Array | Float64Array;

export function meanSquare(answers: Numbers, truth: Numbers): number {
  let sum = 0;
  for (let n = 0; n < truth.length; n += 1) sum += (answers[n]! - truth[n]!) ** 2;
  return sum / truth.length;
}

/**
 * The error of a model in that of one whose weights are off by ε: below 1, it has found the operation.
 * @param x [N, I] @param answers [N] @returns null where an answer is not a finite number
 */
export function errorRatio(
  operation: OperationName,
  x: Float32Array,
  inputs: number,
  answers: Numbers,
): number | null {
  const truth = truthOf(operation, x, inputs);
  const limit = meanSquare(nearlyOf(operation, x, inputs), truth);
  const ratio = Math.sqrt(meanSquare(answers, truth) / limit);
  return Number.isFinite(ratio) ? ratio : null;
}

/** Whether a cell has found its operation. */
export const isFound = (ratio: number | null): boolean => ratio !== null && ratio < 1;

/**
 * The greatest distance of a weight from the nearest of −1, 0 and 1 (Madsen and Johansen 2020, section 4.1). Where a gate that no input
 * changes closes a branch, that branch's weights do not count.
 */
export function sparsityError(
  cell: Cell,
  parameters: Readonly<Record<string, Float32Array>>,
  inputs: number,
): number {
  const { sums, powers, gate } = cell.read(parameters, NAME, inputs);
  const isSum = gate === null || gate[0]! >= 0.5;
  const isProduct = gate === null || gate[0]! < 0.5;
  return [...((isSum && sums) || []), ...((isProduct && powers) || [])].reduce(
    (most, w) => Math.max(most, Math.min(Math.abs(w), Math.abs(1 - Math.abs(w)))),
    0,
  );
}
