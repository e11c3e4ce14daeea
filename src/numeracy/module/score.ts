import * as z from 'zod';
import type { Cell } from '../../../agent/cells/cell.ts';
import { measure } from '../measures.ts';
import { errorRatio, sparsityError } from '../success.ts';
import type { TaskResult } from '../task.ts';
import { NAME } from './models.ts';
import { nearlyOf, type OperationName, operationNames, truthOf } from './problems.ts';

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

/**
 * The error of a model in that of one whose weights are off by ε: below 1, it has found the operation.
 * @param x [N, I] @param answers [N] @returns null where an answer is not a finite number
 */
export function ratioOf(
  operation: OperationName,
  x: Float32Array,
  inputs: number,
  answers: Float32Array | Float64Array,
): number | null {
  const truth = truthOf(operation, x, inputs);
  const ratio = errorRatio(answers, nearlyOf(operation, x, inputs), truth);
  return Number.isFinite(ratio) ? ratio : null;
}

/** Whether a cell has found its operation. */
export const isFound = (ratio: number | null): boolean => ratio !== null && ratio < 1;

/** The sparsity error of a cell. Where a gate that no input changes closes a branch, that branch's weights do not count. */
export function sparsityOf(
  cell: Cell,
  parameters: Readonly<Record<string, Float32Array>>,
  inputs: number,
): number {
  const { sums, powers, gate } = cell.read(parameters, NAME, inputs);
  const isSum = gate === null || gate[0]! >= 0.5;
  const isProduct = gate === null || gate[0]! < 0.5;
  return sparsityError([
    ...(isSum && sums ? [sums] : []),
    ...(isProduct && powers ? [powers] : []),
  ]);
}
