import * as z from 'zod';
import { type Accumulator, accumulate, nacOptions, nacParameters } from '../cells/nac.ts';
import * as tf from '../tf.ts';
import { numbered, type PathwaySpec } from './pathway.ts';

const options = z.strictObject(nacOptions());

/**
 * A neural accumulator over the instruction, the constant 1 and its own previous output, which lets
 * it count; its output and the instruction go into the LSTM (Trask et al. 2018, section 4.5).
 */
export const nac: PathwaySpec<typeof options> = {
  id: 'nac',
  label: 'Accumulator (NAC)',
  summary:
    'The LSTM gets the number, and the outputs of a NAC over the number, the constant 1 and its own previous outputs.',
  colour: '#0072B2',
  options,
  create(instruction, { nacWidth, nacStart }) {
    const outputs = numbered('n', nacWidth);
    const inputs = [...instruction, '1', ...outputs];
    const accumulator: Accumulator = { name: 'nac', inputs, outputs, keeps: 'outputs' };
    return {
      parameters: nacParameters(accumulator, nacStart),
      accumulators: [accumulator],
      state: outputs,
      featureSize: nacWidth + instruction.length,
      apply(parameters, instruction, state) {
        const one = tf.ones([state!.shape[0], 1]) as tf.Tensor2D;
        const inputs = instruction ? [instruction, one, state!] : [one, state!];
        const output = accumulate(parameters, 'nac', tf.concat(inputs, 1));
        const features = instruction ? tf.concat([output, instruction], 1) : output;
        return { features, state: output };
      },
    };
  },
};
