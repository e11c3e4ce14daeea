import * as tf from './tf.ts';

interface AdamSettings {
  readonly adamBeta1: number;
  readonly adamBeta2: number;
  readonly epsilon: number;
}

/** The running means of Adam by their names, float32 [P] each. */
export interface AdamMeans {
  readonly mean: tf.Tensor1D;
  readonly square: tf.Tensor1D;
}

/** m ← β·m + (1 − β)·x */
const decayed = (mean: tf.Tensor1D, beta: number, x: tf.Tensor1D): tf.Tensor1D =>
  tf.add(tf.mul(mean, beta), tf.mul(x, 1 - beta));

/**
 * One step of Adam (Kingma and Ba 2015, algorithm 1) as part of a compiled graph, in float32: parameters and gradient [P].
 * @param count [], how many steps there have been, this one included
 */
export function tracedAdam(
  { adamBeta1, adamBeta2, epsilon }: AdamSettings,
  parameters: tf.Tensor1D,
  gradient: tf.Tensor1D,
  means: AdamMeans,
  learningRate: tf.Scalar,
  count: tf.Scalar,
): AdamMeans & { readonly parameters: tf.Tensor1D } {
  const mean = decayed(means.mean, adamBeta1, gradient);
  const square = decayed(means.square, adamBeta2, tf.square(gradient));
  const meanBias = tf.sub(1, tf.pow(adamBeta1, count));
  const squareBias = tf.sqrt(tf.sub(1, tf.pow(adamBeta2, count)));
  const rate = tf.div(learningRate, meanBias);
  const root = tf.add(tf.div(tf.sqrt(square), squareBias), epsilon);
  return { mean, square, parameters: tf.sub(parameters, tf.div(tf.mul(mean, rate), root)) };
}
