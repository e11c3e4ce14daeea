import * as z from 'zod';
import { type Accumulator, nacOptions, nacParameters } from '../cells/nac.ts';
import { naluCell, naluParameters } from '../cells/nalu.ts';
import type * as tf from '../tf.ts';
import { joined } from './joined.ts';
import { numbered, type PathwaySpec } from './pathway.ts';
import { boundedFeatures, boundedSize, stepClock, tick } from './step-clock.ts';

const cell = naluCell();

const options = z.strictObject(nacOptions({ nacStart: 'signed', pull: 0.6, roundAt: 0.7 }));

/**
 * The clock of `nac-clock` with a neural arithmetic logic unit as its second cell: the LSTM gets tanh(x / 2) and tanh(x / 10) of
 * x = NALU([t, n]), where n is a neural accumulator's count of the steps. So each x may be a sum of the two or a product of their
 * powers, as its gate says. (This project's own.)
 */
export const naluClock: PathwaySpec<typeof options> = {
  id: 'nalu-clock',
  label: 'Arithmetic logic unit (NALU)',
  summary:
    'The LSTM gets tanh(x / 2) and tanh(x / 10) of the outputs x of a NALU over the number and a clock (a NAC that counts steps).',
  colour: '#3C9BD0',
  options,
  defaults: { memoryDropout: 0.2 },
  create(instruction, { nacWidth, nacStart }) {
    const compare: Accumulator = {
      ...{ name: 'nalu', cell, inputs: [...instruction, ...stepClock.outputs], keeps: 'nothing' },
      outputs: numbered('x', nacWidth),
    };
    return {
      parameters: [...nacParameters(stepClock, nacStart), ...naluParameters(compare, nacStart)],
      accumulators: [stepClock, compare],
      state: stepClock.outputs,
      featureSize: boundedSize(nacWidth),
      apply(parameters, instruction, state) {
        const next = tick(parameters, state!);
        const output = cell.apply(parameters, 'nalu', joined([instruction, next])) as tf.Tensor2D;
        return { features: boundedFeatures(output), state: next };
      },
    };
  },
};
