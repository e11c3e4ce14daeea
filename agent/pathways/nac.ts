import { accumulate, nacParameters } from '../cells/nac.ts';
import * as tf from '../tf.ts';
import type { PathwayFactory } from './pathway.ts';

/**
 * A neural accumulator over the instruction, a constant one and its own previous output, which lets
 * it count; its output and the instruction go into the LSTM (Trask et al. 2018, section 4.5).
 */
export const nac: PathwayFactory = (k, { nacWidth: width, nacStart }) => ({
  parameters: nacParameters('nac', k + 1 + width, width, nacStart),
  accumulators: ['nac'],
  stateSize: width,
  featureSize: width + k,
  apply(parameters, instruction, state) {
    const one = tf.ones([state!.shape[0], 1]) as tf.Tensor2D;
    const inputs = instruction ? [instruction, one, state!] : [one, state!];
    const output = accumulate(parameters, 'nac', tf.concat(inputs, 1));
    return { features: instruction ? tf.concat([output, instruction], 1) : output, state: output };
  },
});
