import { type Accumulator, accumulate } from '../cells/nac.ts';
import * as tf from '../tf.ts';

/** Two scales at which the LSTM sees what is compared with a clock: fine about zero, and coarse. */
const SCALES = [2, 10];

/** How many features `boundedFeatures` makes of so many numbers. */
export const boundedSize = (width: number): number => SCALES.length * width;

/** tanh(x / 2) and tanh(x / 10), which far beyond training look as they did there. @param x [B, N] @returns [B, 2N] */
export const boundedFeatures = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.concat(
    SCALES.map((scale) => tf.tanh(tf.div(x, scale)) as tf.Tensor2D),
    1,
  );

/** A clock of one unit: n ← n + NAC([1]). */
export const stepClock: Accumulator = {
  ...{ name: 'clock', inputs: ['1'], outputs: ['n1'], keeps: 'sums' },
};

/** What the clock says a step later. @param n [B, 1] @returns [B, 1] */
export const tick = (parameters: Record<string, tf.Tensor>, n: tf.Tensor2D): tf.Tensor2D => {
  const one = tf.ones([n.shape[0], 1]) as tf.Tensor2D;
  return tf.add(n, accumulate(parameters, stepClock.name, one));
};
