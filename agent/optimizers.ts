import type { AgentConfig } from './config.ts';
import * as tf from './tf.ts';

/** One step of an optimiser over the flat vector of all parameters. */
export interface OptimizerStep {
  parameters: tf.Tensor1D;
  /** Running means that the optimiser keeps, by name, each of the parameters' length. */
  slots: Record<string, tf.Tensor1D>;
}

type OptimizerRule<Keys extends keyof AgentConfig> = {
  readonly slots: readonly string[];
  step(
    config: Pick<AgentConfig, Keys>,
    parameters: tf.Tensor1D,
    gradient: tf.Tensor1D,
    slots: Record<string, tf.Tensor1D>,
    learningRate: tf.Scalar,
    /** How many steps there have been, this one included. */
    count: tf.Scalar,
  ): OptimizerStep;
};

/** m ← β·m + (1 − β)·x */
const decayed = (mean: tf.Tensor1D, beta: number, x: tf.Tensor1D): tf.Tensor1D =>
  tf.add(tf.mul(mean, beta), tf.mul(x, 1 - beta));

export const optimizers: {
  readonly adam: OptimizerRule<'adamBeta1' | 'adamBeta2' | 'epsilon'>;
  readonly rmsprop: OptimizerRule<'rmspropDecay' | 'epsilon'>;
} = {
  /** Kingma and Ba 2015, algorithm 1. */
  adam: {
    slots: ['mean', 'square'],
    step({ adamBeta1, adamBeta2, epsilon }, parameters, gradient, slots, learningRate, count) {
      const mean = decayed(slots.mean!, adamBeta1, gradient);
      const square = decayed(slots.square!, adamBeta2, tf.square(gradient));
      const meanBias = tf.sub(1, tf.pow(adamBeta1, count));
      const squareBias = tf.sqrt(tf.sub(1, tf.pow(adamBeta2, count)));
      const rate = tf.div(learningRate, meanBias);
      const root = tf.add(tf.div(tf.sqrt(square), squareBias), epsilon);
      const next: tf.Tensor1D = tf.sub(parameters, tf.div(tf.mul(mean, rate), root));
      return { parameters: next, slots: { mean, square } };
    },
  },
  /** Tieleman and Hinton 2012, as in Mnih et al. 2016, section 4, but with ε outside the root, as in Adam. */
  rmsprop: {
    slots: ['square'],
    step({ rmspropDecay, epsilon }, parameters, gradient, slots, learningRate) {
      const square = decayed(slots.square!, rmspropDecay, tf.square(gradient));
      const root = tf.add(tf.sqrt(square), epsilon);
      const next: tf.Tensor1D = tf.sub(parameters, tf.div(tf.mul(gradient, learningRate), root));
      return { parameters: next, slots: { square } };
    },
  },
};

/** The gradient, scaled so that its Euclidean norm is at most `limit`, and the norm it had. */
export function clipByGlobalNorm(
  gradient: tf.Tensor1D,
  limit: number,
): { gradient: tf.Tensor1D; norm: tf.Scalar } {
  const norm: tf.Scalar = tf.sqrt(tf.sum(tf.square(gradient)));
  const scale = tf.div(limit, tf.maximum(norm, limit));
  return { gradient: tf.mul(gradient, scale), norm };
}
