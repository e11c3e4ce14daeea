import * as tf from '@tensorflow/tfjs';
import { nac as accumulate, nacParameters } from '../layers/nac.ts';
import { baseline } from './baseline.ts';
import type { PathwayFactory } from './pathway.ts';

/**
 * The most literal reading of Trask et al. 2018, section 4.5: the instruction through a neural
 * accumulator without state, and the instruction itself, into the LSTM.
 */
export const nacStateless: PathwayFactory = (k, width) => {
  if (k === 0) return baseline(k, width);
  return {
    parameters: nacParameters('nac', k, width),
    stateSize: 0,
    featureSize: width + k,
    apply(parameters, instruction) {
      const output = accumulate(
        instruction!,
        parameters['nac/w_hat'] as tf.Tensor2D,
        parameters['nac/m_hat'] as tf.Tensor2D,
      );
      return { features: tf.concat([output, instruction!], 1), state: null };
    },
  };
};
