import * as tf from '../tf.ts';

/** Tensors side by side; what is null is left out. @param parts at least one [B, …] @returns [B, all of them] */
export function joined(parts: readonly (tf.Tensor2D | null)[]): tf.Tensor2D {
  const given = parts.filter((part) => part !== null);
  return given.length === 1 ? given[0]! : tf.concat(given, 1);
}
