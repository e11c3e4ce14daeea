import * as z from 'zod';
import { nacOptions } from '../cells/nac.ts';
import { naluCell, naluParameters } from '../cells/nalu.ts';
import * as tf from '../tf.ts';
import { overOwnOutputs } from './over-own-outputs.ts';
import type { PathwaySpec } from './pathway.ts';

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
  create: (instruction, { nacWidth, nacStart }) =>
    overOwnOutputs(instruction, {
      name: 'nalu',
      cell,
      width: nacWidth,
      parametersOf: (accumulator) => naluParameters(accumulator, nacStart),
      apply: (parameters, x) =>
        tf.clipByValue(cell.apply(parameters, 'nalu', x), -GREATEST, GREATEST) as tf.Tensor2D,
    }),
};
