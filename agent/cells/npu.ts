import { constant, xavier } from '../initializers.ts';
import * as tf from '../tf.ts';
import { bounded, boundedExp, type Cell, distanceFromUnits, roundWithin, signOf } from './cell.ts';

const EPSILON = 2 ** -23;

/**
 * Real neural power unit: y = exp(W log r) ⊙ cos(W k), with r = g (|x| + ε) + 1 − g and k = π g for a negative x, else 0. A gate g of
 * 0…1 for each input lets it ignore one that is near zero.
 */
export const npu: Cell = {
  id: 'npu',
  summary: 'Products, quotients and powers, with a gate for each input.',
  source: 'Heim, Pevný and Šmídl 2020, equations 7 to 9',
  parameters: (name, inputs, outputs) => [
    { name: `${name}/w`, shape: [inputs, outputs], initial: xavier },
    { name: `${name}/gate`, shape: [1, inputs], initial: constant(0.5) },
  ],
  apply(parameters, name, x) {
    const w = parameters[`${name}/w`]!;
    const gate = bounded(parameters[`${name}/gate`]!, 0, 1);
    const size = tf.add(tf.mul(gate, tf.add(tf.abs(x), EPSILON)), tf.sub(1, gate));
    const isNegative = tf.div(tf.sub(1, signOf(x)), 2);
    const turns = tf.matMul(tf.mul(isNegative, gate), w);
    const sizes = boundedExp(tf.matMul(tf.log(size), w));
    return tf.mul(sizes, tf.cos(tf.mul(turns, Math.PI)));
  },
  distanceFromWhole(parameters, name) {
    const w = parameters[`${name}/w`]!;
    const fromInteger = tf.mean(tf.abs(tf.sub(w, tf.round(w))), [-2, -1]);
    return tf.add(fromInteger, distanceFromUnits(parameters[`${name}/gate`]!));
  },
  round(parameters, name) {
    roundWithin(parameters[`${name}/w`]!, -Infinity, Infinity);
    roundWithin(parameters[`${name}/gate`]!, 0, 1);
  },
  read(parameters, name, inputs) {
    const w = parameters[`${name}/w`]!;
    const gate = parameters[`${name}/gate`]!;
    const outputs = w.length / inputs;
    const open = (i: number) => Math.max(0, Math.min(1, gate[Math.floor(i / outputs)]!));
    return { sums: null, powers: w.map((power, i) => power * open(i)), gate: null };
  },
};
