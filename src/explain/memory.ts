import type { TrainedAccumulator } from '../../agent/pathways/reading.ts';

/** Larger matrices are not multiplied: it would take longer than a person waits. */
const MOST_OUTPUTS = 128;
const SQUARINGS = 24;

/**
 * The spectral radius of the weights from an accumulator's outputs back to themselves: what a step leaves of the combination of
 * outputs that lasts longest, by Gelfand's formula ρ = lim ‖Aᵏ‖^(1/k), k = 2²⁴.
 * @returns null where it keeps nothing, multiplies, or has too many outputs
 */
export function longestMemory({
  inputs,
  outputs,
  weights,
  keeps,
  reading,
}: TrainedAccumulator): number | null {
  const size = outputs.length;
  const onlyAdds = reading.sums !== null && reading.powers === null;
  if (keeps === 'nothing' || !onlyAdds || size > MOST_OUTPUTS) return null;
  if (keeps === 'sums') return 1;
  const first = inputs.indexOf(outputs[0]!);
  let power = Float64Array.from(weights.subarray(first * size, (first + size) * size));
  let logarithm = 0;
  for (let k = 0; k <= SQUARINGS; k++) {
    const norm = Math.hypot(...power);
    if (norm === 0) return 0;
    logarithm += Math.log(norm) / 2 ** k;
    power = power.map((value) => value / norm);
    if (k < SQUARINGS) power = squared(power, size);
  }
  return Math.exp(logarithm);
}

function squared(matrix: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = matrix[i * size + k]!;
      for (let j = 0; j < size; j++) product[i * size + j]! += factor * matrix[k * size + j]!;
    }
  }
  return product;
}
