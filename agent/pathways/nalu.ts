import * as z from 'zod';
import { type Accumulator, nacOptions, nacParameters } from '../cells/nac.ts';
import { gateParameter, naluCell } from '../cells/nalu.ts';
import * as tf from '../tf.ts';
import { numbered, type PathwaySpec } from './pathway.ts';

const cell = naluCell();
/** A product of its own previous outputs could grow without bound. */
const GREATEST = 1e6;

const options = z.strictObject(nacOptions());

/**
 * A neural arithmetic logic unit in the place of the accumulator of `nac`: over the instruction, the constant 1 and its own previous
 * outputs, which are kept within ±10⁶; its outputs and the instruction go into the LSTM (Trask et al. 2018, sections 3 and 4.5).
 */
export const nalu: PathwaySpec<typeof options> = {
  id: 'nalu',
  label: 'Arithmetic logic unit (NALU)',
  summary:
    'The LSTM gets the number, and the outputs of a NALU over the number, the constant 1 and its own previous outputs.',
  colour: '#C98A00',
  options,
  create(instruction, { nacWidth, nacStart }) {
    const outputs = numbered('n', nacWidth);
    const inputs = [...instruction, '1', ...outputs];
    const accumulator: Accumulator = { name: 'nalu', cell, inputs, outputs, keeps: 'outputs' };
    return {
      parameters: [
        ...nacParameters(accumulator, nacStart),
        gateParameter('nalu', inputs.length, nacWidth),
      ],
      accumulators: [accumulator],
      state: outputs,
      featureSize: nacWidth + instruction.length,
      apply(parameters, instruction, state) {
        const one = tf.ones([state!.shape[0], 1]) as tf.Tensor2D;
        const read = instruction ? [instruction, one, state!] : [one, state!];
        const given = cell.apply(parameters, 'nalu', tf.concat(read, 1));
        const output = tf.clipByValue(given, -GREATEST, GREATEST) as tf.Tensor2D;
        const features = instruction ? tf.concat([output, instruction], 1) : output;
        return { features, state: output };
      },
    };
  },
};
