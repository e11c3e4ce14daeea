import * as tf from '@tensorflow/tfjs';
import { xavier } from '../initializers.ts';
import type { ParameterSpec } from '../parameters.ts';

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

export function nacParameters(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return [
    { name: `${name}/w_hat`, shape: [inputs, outputs], initial: xavier },
    { name: `${name}/m_hat`, shape: [inputs, outputs], initial: xavier },
  ];
}
