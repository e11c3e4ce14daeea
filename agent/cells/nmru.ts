import { uniform } from '../initializers.ts';
import * as tf from '../tf.ts';
import {
  bounded,
  type Cell,
  distanceFromUnits,
  gatedFactors,
  product,
  roundWithin,
  signOf,
} from './cell.ts';

/** No reciprocal is taken of less; the authors add it in training instead, which is off by 12 % at 10⁻⁶. */
const LEAST = 1e-7;

/**
 * Neural multiplicative reciprocal unit: a multiplication unit over the inputs and their reciprocals. Sizes are multiplied by
 * y = Π (w |z| + 1 − w), and the sign is cos(π Σ w) over the negative ones, as in a neural power unit.
 */
export const nmru: Cell = {
  id: 'nmru',
  summary: 'Products and quotients of some of its inputs, chosen by weights from 0 to 1.',
  source: 'Mistry, Farrahi and Hare 2022 (Learning division with neural arithmetic logic modules)',
  parameters: (name, inputs, outputs) => [
    { name: `${name}/w`, shape: [2 * inputs, outputs], initial: uniform(0.25, 0.75) },
  ],
  apply(parameters, name, x) {
    const w = bounded(parameters[`${name}/w`]!, 0, 1);
    const size = tf.abs(x);
    const sizes = tf.concat([size, tf.reciprocal(tf.maximum(size, LEAST))], x.rank - 1);
    const isNegative = tf.div(tf.sub(1, signOf(x)), 2);
    const turns = tf.matMul(tf.concat([isNegative, isNegative], x.rank - 1), w);
    return tf.mul(product(gatedFactors(sizes, w)), tf.cos(tf.mul(turns, Math.PI)));
  },
  distanceFromWhole: (parameters, name) => distanceFromUnits(parameters[`${name}/w`]!),
  round: (parameters, name) => roundWithin(parameters[`${name}/w`]!, 0, 1),
  read(parameters, name) {
    const w = parameters[`${name}/w`]!.map((value) => Math.max(0, Math.min(1, value)));
    const half = w.length / 2;
    return { sums: null, powers: w.slice(0, half).map((p, i) => p - w[half + i]!), gate: null };
  },
};
