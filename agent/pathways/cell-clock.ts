import * as z from 'zod';
import { cells } from '../cells/index.ts';
import { type Accumulator, accumulate, nacOptions, nacParameters } from '../cells/nac.ts';
import type * as tf from '../tf.ts';
import { joined } from './joined.ts';
import { numbered, type PathwaySpec } from './pathway.ts';
import { boundedFeatures, boundedSize, stepClock, tick } from './step-clock.ts';

const ids = cells.map(({ id }) => id);

const options = z.strictObject({
  ...nacOptions({ nacStart: 'signed', pull: 0.6, roundAt: 0.7 }),
  cell: z
    .enum(ids)
    .default('nmu')
    .describe(
      'arithmetic cell that combines the numbers before a NAC compares them with the clock',
    ),
  cellWidth: z.int().min(1).max(8192).default(1).describe('outputs of that cell'),
});

/**
 * The clock of `nac-clock`, compared with what an arithmetic cell makes of the numbers that are told, such as their product:
 * m = cell(t1, t2, …), x = NAC([m, n]), where n is a neural accumulator's count of the steps. The LSTM gets only tanh(x / 2) and
 * tanh(x / 10). (This project's own.)
 */
export const cellClock: PathwaySpec<typeof options> = {
  id: 'cell-clock',
  label: 'Arithmetic cell',
  summary:
    'The LSTM gets tanh(x / 2) and tanh(x / 10) of the outputs x of a NAC over a clock (a second NAC that counts steps) and the outputs of an arithmetic cell over the numbers, by default one that multiplies.',
  colour: '#7F7F00',
  options,
  defaults: { memoryDropout: 0.2 },
  create(instruction, { nacWidth, nacStart, cell: id, cellWidth }) {
    const cell = cells.find((one) => one.id === id)!;
    const hasNumbers = instruction.length > 0;
    const made = hasNumbers ? numbered('m', cellWidth) : [];
    const maker: Accumulator = {
      ...{ name: 'cell', cell, inputs: instruction, outputs: made, keeps: 'nothing' },
    };
    const nac: Accumulator = {
      ...{ name: 'nac', inputs: [...made, ...stepClock.outputs], outputs: numbered('x', nacWidth) },
      keeps: 'nothing',
    };
    return {
      parameters: [
        ...(hasNumbers ? cell.parameters('cell', instruction.length, cellWidth) : []),
        ...[stepClock, nac].flatMap((one) => nacParameters(one, nacStart)),
      ],
      accumulators: [...(hasNumbers ? [maker] : []), stepClock, nac],
      state: stepClock.outputs,
      featureSize: boundedSize(nacWidth),
      apply(parameters, instruction, state) {
        const next = tick(parameters, state!);
        const made = instruction && (cell.apply(parameters, 'cell', instruction) as tf.Tensor2D);
        const output = accumulate(parameters, 'nac', joined([made, next]));
        return { features: boundedFeatures(output), state: next };
      },
    };
  },
};
