import type { AgentConfig } from '../config.ts';
import { uniformSize, xavier } from '../initializers.ts';
import type { ParameterSpec } from '../parameters.ts';
import * as tf from '../tf.ts';

/**
 * The weights of a neural accumulator: W = tanh(Ŵ) ⊙ σ(M̂), which gradient descent draws towards
 * −1, 0 and 1 (Trask et al. 2018, equation 1).
 * @param wHat [inputs, outputs]
 * @param mHat [inputs, outputs]
 */
export function nacWeights(wHat: tf.Tensor2D, mHat: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(tf.tanh(wHat), tf.sigmoid(mHat));
}

/**
 * A neural accumulator: sums and differences of its inputs, without bias (Trask et al. 2018, section 3).
 * @param x [batch, inputs]
 * @returns [batch, outputs]
 */
export function nac(x: tf.Tensor2D, wHat: tf.Tensor2D, mHat: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(x, nacWeights(wHat, mHat));
}

/** W near ±0.73 … ±0.95, as far from zero as leaves a gradient to come back by: Ŵ = ±1 … ±2, M̂ = 1 … 2. */
const SIGNED = { w_hat: uniformSize(1, 2, 'either'), m_hat: uniformSize(1, 2, 'positive') };

/** The parameters of the accumulator `name`. */
export function nacParameters(
  name: string,
  inputs: number,
  outputs: number,
  start: AgentConfig['nacStart'] = 'xavier',
): ParameterSpec[] {
  return (['w_hat', 'm_hat'] as const).map((part) => ({
    name: `${name}/${part}`,
    shape: [inputs, outputs],
    initial: start === 'signed' ? SIGNED[part] : xavier,
  }));
}

/** The weights of the accumulator `name` among `parameters`. */
export const weightsOf = (parameters: Record<string, tf.Tensor>, name: string): tf.Tensor2D =>
  nacWeights(
    parameters[`${name}/w_hat`] as tf.Tensor2D,
    parameters[`${name}/m_hat`] as tf.Tensor2D,
  );

/** What the accumulator `name` among `parameters` makes of x. @param x [batch, inputs] @returns [batch, outputs] */
export const accumulate = (
  parameters: Record<string, tf.Tensor>,
  name: string,
  x: tf.Tensor2D,
): tf.Tensor2D =>
  nac(x, parameters[`${name}/w_hat`] as tf.Tensor2D, parameters[`${name}/m_hat`] as tf.Tensor2D);

/** The mean distance of weights within −1…1 from the nearest of −1, 0 and 1: mean of min(|W|, 1 − |W|). */
export function distanceFromWhole(weights: readonly tf.Tensor2D[]): tf.Scalar {
  const all = tf.concat1d(weights.map((w) => tf.reshape(w, [-1]) as tf.Tensor1D));
  return tf.mean(tf.sub(0.5, tf.abs(tf.sub(tf.abs(all), 0.5))));
}
