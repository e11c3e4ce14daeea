import * as z from 'zod';
import { type Accumulator, accumulate, nacOptions, nacParameters } from '../cells/nac.ts';
import * as tf from '../tf.ts';
import { baseline } from './baseline.ts';
import { numbered, type PathwaySpec } from './pathway.ts';

const options = z.strictObject(nacOptions());

/**
 * The most literal reading of Trask et al. 2018, section 4.5: the instruction through a neural
 * accumulator without state, and the instruction itself, into the LSTM.
 */
export const nacStateless: PathwaySpec<typeof options> = {
  id: 'nac-stateless',
  label: 'Accumulator (NAC)',
  summary: 'The LSTM gets the number, and the outputs of a NAC over the number alone.',
  colour: '#A23B3B',
  options,
  create(instruction, { nacWidth, nacStart }, actions) {
    if (instruction.length === 0) return baseline.create(instruction, {}, actions);
    const outputs = numbered('x', nacWidth);
    const accumulator: Accumulator = {
      ...{ name: 'nac', inputs: instruction, outputs, keeps: 'nothing' },
    };
    return {
      parameters: nacParameters(accumulator, nacStart),
      accumulators: [accumulator],
      state: [],
      featureSize: nacWidth + instruction.length,
      apply(parameters, instruction) {
        const output = accumulate(parameters, 'nac', instruction!);
        return { features: tf.concat([output, instruction!], 1), state: null };
      },
    };
  },
};
