import * as z from 'zod';
import { accumulate, nacOptions, nacParameters } from '../cells/nac.ts';
import { overOwnOutputs } from './over-own-outputs.ts';
import type { PathwaySpec } from './pathway.ts';

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
  create: (instruction, { nacWidth, nacStart }) =>
    overOwnOutputs(instruction, {
      name: 'nac',
      width: nacWidth,
      parametersOf: (accumulator) => nacParameters(accumulator, nacStart),
      apply: (parameters, x) => accumulate(parameters, 'nac', x),
    }),
};
