import type { Observation, StepResult } from '../contract.ts';
import type { Box } from '../spaces.ts';

/**
 * Whether a result of `step` is sound, as far as can be told at almost no cost. One that is not goes through the rules one by one.
 * @param into what was passed to `step`, frozen, so that its arrays are still those of the caller
 * @param instruction the space of the instruction
 */
export function isSoundStep(
  result: StepResult | undefined,
  into: Observation,
  instruction: Box,
): boolean {
  return (
    result?.observation === into &&
    Number.isFinite(result.reward) &&
    typeof result.terminated === 'boolean' &&
    typeof result.truncated === 'boolean' &&
    !(result.terminated && result.truncated) &&
    typeof result.info === 'object' &&
    result.info !== null &&
    isWithin(into.instruction, instruction)
  );
}

/** Whether every number is within its space, so that none is NaN. */
export function isWithin(values: Float32Array, { low, high }: Box): boolean {
  for (let i = 0; i < values.length; i++) {
    if (!(values[i]! >= low && values[i]! <= high)) return false;
  }
  return true;
}

/** Whether all figures of an episode are finite. */
export function areFinite(metrics: Readonly<Record<string, number>> | undefined): boolean {
  for (const name in metrics) if (!Number.isFinite(metrics[name])) return false;
  return true;
}
