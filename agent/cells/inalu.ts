import { normal } from '../initializers.ts';
import * as tf from '../tf.ts';
import { type Cell, distanceFromUnits, gatedFactors, product, sigmoid, signOf } from './cell.ts';
import { accumulatorWeights, roundWeights, weightParameters, weightsOf } from './nac.ts';

const EPSILON = 1e-7;
/** The greatest exponent: a product is at most e²⁰. */
const OMEGA = 20;
const START = { w_hat: normal(0.88, 0.2), m_hat: normal(0.5, 0.2) };

/**
 * Improved neural arithmetic logic unit: two matrices, a product that is clipped at e²⁰ and has the sign
 * Π (sign(x) |W| + 1 − |W|), and a gate σ(g) for each output that the input does not change.
 */
export const inalu: Cell = {
  id: 'inalu',
  summary: 'Sums and products with signs, by a matrix each, with a gate for each output.',
  source: 'Schlör, Ring and Hotho 2020, section 3',
  parameters: (name, inputs, outputs) => [
    ...['add', 'multiply'].flatMap((part) =>
      weightParameters(`${name}/${part}`, [inputs, outputs], START),
    ),
    { name: `${name}/gate`, shape: [1, outputs], initial: normal(0, 0.2) },
  ],
  apply(parameters, name, x) {
    const add = weightsOf<tf.Tensor>(parameters, `${name}/add`);
    const multiply = weightsOf<tf.Tensor>(parameters, `${name}/multiply`);
    const gate = tf.sigmoid(parameters[`${name}/gate`]!);
    const logs = tf.log(tf.maximum(tf.abs(x), EPSILON));
    const size = tf.exp(tf.minimum(tf.matMul(logs, multiply), OMEGA));
    const sign = product(gatedFactors(signOf(x), tf.abs(multiply)));
    return tf.add(tf.mul(gate, tf.matMul(x, add)), tf.mul(tf.sub(1, gate), tf.mul(size, sign)));
  },
  distanceFromWhole(parameters, name) {
    const gate = tf.sigmoid(parameters[`${name}/gate`]!);
    const add = distanceFromUnits(weightsOf<tf.Tensor>(parameters, `${name}/add`));
    const multiply = distanceFromUnits(weightsOf<tf.Tensor>(parameters, `${name}/multiply`));
    return tf.add(tf.add(add, multiply), distanceFromUnits(gate));
  },
  round(parameters, name) {
    for (const part of ['add', 'multiply']) roundWeights(parameters, `${name}/${part}`);
    const gate = parameters[`${name}/gate`]!;
    for (const [o, value] of gate.entries()) gate[o] = value > 0 ? SATURATED : -SATURATED;
  },
  read: (parameters, name) => ({
    sums: accumulatorWeights(parameters, `${name}/add`),
    powers: accumulatorWeights(parameters, `${name}/multiply`),
    gate: parameters[`${name}/gate`]!.map(sigmoid),
  }),
};

/** So large that σ gives 0 or 1 to float32's last bit, also where it is multiplied by e²⁰. */
const SATURATED = 80;
