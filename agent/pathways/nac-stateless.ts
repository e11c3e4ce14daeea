import { accumulate, nacParameters } from '../cells/nac.ts';
import * as tf from '../tf.ts';
import { baseline } from './baseline.ts';
import type { PathwayFactory } from './pathway.ts';

/**
 * The most literal reading of Trask et al. 2018, section 4.5: the instruction through a neural
 * accumulator without state, and the instruction itself, into the LSTM.
 */
export const nacStateless: PathwayFactory = (k, config) => {
  if (k === 0) return baseline(k, config);
  const { nacWidth: width, nacStart } = config;
  return {
    parameters: nacParameters('nac', k, width, nacStart),
    accumulators: ['nac'],
    stateSize: 0,
    featureSize: width + k,
    apply(parameters, instruction) {
      const output = accumulate(parameters, 'nac', instruction!);
      return { features: tf.concat([output, instruction!], 1), state: null };
    },
  };
};
