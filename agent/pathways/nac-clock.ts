import * as z from 'zod';
import { type Accumulator, accumulate, nacOptions, nacParameters } from '../cells/nac.ts';
import * as tf from '../tf.ts';
import { joined } from './joined.ts';
import { numbered, type PathwaySpec } from './pathway.ts';
import { boundedFeatures, boundedSize } from './step-clock.ts';

const options = z.strictObject({
  ...nacOptions({ nacStart: 'signed', pull: 0.6, roundAt: 0.7 }),
  clockUnits: z.int().min(1).max(8192).default(1).describe('units of the clock'),
  clockSelf: z
    .enum(['fixed', 'learned'])
    .default('fixed')
    .describe("weight of the clock's own last value: one, or learned"),
  clockReads: z
    .enum(['one', 'instruction'])
    .default('one')
    .describe('what the clock adds up: the constant 1, or the instruction too'),
});

/**
 * A clock, compared with the instruction: a neural accumulator adds a constant to its own last value, n ← n + NAC([1]); a
 * second one takes sums and differences of the instruction and the clock, x = NAC([t, n]). The LSTM gets only tanh(x / 2) and
 * tanh(x / 10), so a time a thousand steps away looks to it like one thirty steps away, although it never met such a time
 * in training. (This project's own; Trask et al. 2018 have no such agent.)
 */
export const nacClock: PathwaySpec<typeof options> = {
  id: 'nac-clock',
  label: 'Accumulator (NAC)',
  summary:
    'The LSTM gets tanh(x / 2) and tanh(x / 10) of the outputs x of a NAC over the number and a clock (a second NAC that counts steps).',
  colour: '#B8609A',
  options,
  defaults: { memoryDropout: 0.2 },
  create(instruction, { nacWidth, nacStart, clockUnits, clockSelf, clockReads }) {
    const isLearned = clockSelf === 'learned';
    const readsInstruction = clockReads === 'instruction';
    const units = numbered('n', clockUnits);
    const clock: Accumulator = {
      name: 'clock',
      inputs: [...(readsInstruction ? instruction : []), '1', ...(isLearned ? units : [])],
      outputs: units,
      keeps: isLearned ? 'outputs' : 'sums',
    };
    const nac: Accumulator = {
      name: 'nac',
      inputs: [...instruction, ...units],
      outputs: numbered('x', nacWidth),
      keeps: 'nothing',
    };
    return {
      // With several units, each starts with itself alone, and each comparison with one of them.
      parameters: [
        ...nacParameters(clock, nacStart, (from, to) => {
          const unit = from - (clock.inputs.length - clockUnits);
          return isLearned && unit >= 0 && unit !== to ? 0 : 'either';
        }),
        ...nacParameters(nac, nacStart, (from, to) => {
          const unit = from - instruction.length;
          return unit >= 0 && unit !== to % clockUnits ? 0 : 'either';
        }),
      ],
      accumulators: [clock, nac],
      state: units,
      featureSize: boundedSize(nacWidth),
      apply(parameters, instruction, state) {
        const last = state!;
        const one = tf.ones([last.shape[0], 1]) as tf.Tensor2D;
        const read = joined([readsInstruction ? instruction : null, one, isLearned ? last : null]);
        const added = accumulate(parameters, 'clock', read);
        const next: tf.Tensor2D = isLearned ? added : tf.add(last, added);
        const output = accumulate(parameters, 'nac', joined([instruction, next]));
        return { features: boundedFeatures(output), state: next };
      },
    };
  },
};
