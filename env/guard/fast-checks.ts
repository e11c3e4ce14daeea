import type { Observation, StepResult } from '../contract.ts';
import type { Box } from '../spaces.ts';

/**
 * Whether an answer to `step` is sound as far as a glance can tell, which costs next to nothing: what says no here is looked at
 * rule by rule.
 * @param into what the world was handed: frozen, so that its arrays, if it comes back, have the right type and size
 * @param instruction the space of what is told
 */
export function isPlain(
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
    isTold(into.instruction, instruction)
  );
}

/** Whether every number told is within its space, and so none is NaN. */
export function isTold(told: Float32Array, { low, high }: Box): boolean {
  for (let i = 0; i < told.length; i++) {
    if (!(told[i]! >= low && told[i]! <= high)) return false;
  }
  return true;
}

/** Whether an episode's figures are all finite. */
export function isMeasured(metrics: Readonly<Record<string, number>> | undefined): boolean {
  for (const name in metrics) if (!Number.isFinite(metrics[name])) return false;
  return true;
}
