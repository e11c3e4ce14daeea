import type { AgentConfig } from './config.ts';
import { plainLoops, type VectorLoops } from './loops/loops.ts';

/** One step of an optimiser: what it does to all parameters alike. */
export interface OptimizerStep {
  /** How many steps there have been, this one included. */
  readonly count: number;
  readonly learningRate: number;
  /** The gradient is multiplied by this. */
  readonly gradientScale: number;
}

type Means = Readonly<Record<string, Float32Array>>;

/** How an optimiser steps parameters by their gradient, each by itself, so that any part of them may be stepped alone. */
export interface OptimizerRule {
  /** Running means that the optimiser keeps, by name, each of the parameters' length. */
  readonly slots: readonly string[];
  /**
   * Changes parameters and means in place: float32 [n] each. The arithmetic is in float64.
   * @param loops for where these lie; plain ones by default
   */
  step(
    config: AgentConfig,
    parameters: Float32Array,
    gradient: Float32Array,
    means: Means,
    step: OptimizerStep,
    loops?: VectorLoops,
  ): void;
}

export const optimizers: Readonly<Record<AgentConfig['optimizer'], OptimizerRule>> = {
  /** Kingma and Ba 2015, algorithm 1. */
  adam: {
    slots: ['mean', 'square'],
    step({ adamBeta1, adamBeta2, epsilon }, parameters, gradient, means, step, loops = plainLoops) {
      const { count, learningRate, gradientScale } = step;
      const { mean, square } = means as { mean: Float32Array; square: Float32Array };
      const numbers = {
        ...{ beta1: adamBeta1, beta2: adamBeta2, gradientScale, epsilon },
        rate: learningRate / (1 - adamBeta1 ** count),
        rootFactor: 1 / Math.sqrt(1 - adamBeta2 ** count),
      };
      loops.adam({ parameters, gradient, mean, square }, numbers);
    },
  },
  /** Tieleman and Hinton 2012, as in Mnih et al. 2016, section 4, but with ε outside the root, as in Adam. */
  rmsprop: {
    slots: ['square'],
    step({ rmspropDecay, epsilon }, parameters, gradient, means, step) {
      const { learningRate, gradientScale } = step;
      const { square } = means as { square: Float32Array };
      for (let i = 0; i < parameters.length; i++) {
        const g = gradient[i]! * gradientScale;
        const v = rmspropDecay * square[i]! + (1 - rmspropDecay) * g * g;
        square[i] = v;
        parameters[i]! -= (learningRate * g) / (Math.sqrt(v) + epsilon);
      }
    },
  },
};
