import { accumulate, nacParameters } from '../cells/nac.ts';
import * as tf from '../tf.ts';
import type { PathwayFactory } from './pathway.ts';

/** Two scales at which the LSTM sees what the accumulator gives: fine about zero, and coarse. */
const SCALES = [2, 10];

const joined = (parts: tf.Tensor2D[]): tf.Tensor2D =>
  parts.length === 1 ? parts[0]! : tf.concat(parts, 1);

/**
 * A clock, and the instruction held against it: a neural accumulator adds a constant to its own last value, n ← n + NAC([1]); a
 * second one takes sums and differences of the instruction and the clock, x = NAC([t, n]). The LSTM gets tanh(x / 2) and
 * tanh(x / 10) alone, so that a time a thousand steps off looks to it like one some thirty steps off, however long it was never
 * told. (This project's own; Trask et al. 2018 have no such agent.)
 */
export const nacClock: PathwayFactory = (k, config) => {
  const { nacWidth: width, nacStart, clockUnits: units, clockSelf, clockReads } = config;
  const reads = 1 + (clockReads === 'instruction' ? k : 0) + (clockSelf === 'learned' ? units : 0);
  return {
    parameters: [
      ...nacParameters('clock', reads, units, nacStart),
      ...nacParameters('nac', k + units, width, nacStart),
    ],
    accumulators: ['clock', 'nac'],
    stateSize: units,
    featureSize: SCALES.length * width,
    apply(parameters, instruction, state) {
      const last = state!;
      const told = instruction ? [instruction] : [];
      const one = tf.ones([last.shape[0], 1]) as tf.Tensor2D;
      const read = [
        ...(clockReads === 'instruction' ? told : []),
        one,
        ...(clockSelf === 'learned' ? [last] : []),
      ];
      const added = accumulate(parameters, 'clock', joined(read));
      const clock: tf.Tensor2D = clockSelf === 'learned' ? added : tf.add(last, added);
      const output = accumulate(parameters, 'nac', joined([...told, clock]));
      const features = SCALES.map((scale) => tf.tanh(tf.div(output, scale)) as tf.Tensor2D);
      return { features: tf.concat(features, 1), state: clock };
    },
  };
};
