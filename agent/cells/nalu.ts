import { xavier } from '../initializers.ts';
import type { ParameterSpec } from '../parameters.ts';
import * as tf from '../tf.ts';
import { boundedExp, type Cell, distanceFromUnits } from './cell.ts';
import {
  type Accumulator,
  accumulatorWeights,
  nacParameters,
  roundWeights,
  weightParameters,
  weightsOf,
} from './nac.ts';

/** Keeps the logarithm finite at zero. */
const EPSILON = 1e-7;

/** The parameter G of the gate of the unit `name`. */
const gateParameter = (name: string, inputs: number, outputs: number): ParameterSpec => ({
  name: `${name}/gate`,
  shape: [inputs, outputs],
  initial: xavier,
});

/** The parameters of a pathway's unit with one matrix. */
export const naluParameters = (
  accumulator: Accumulator,
  start: Parameters<typeof nacParameters>[1],
): ParameterSpec[] => {
  const { name, inputs, outputs } = accumulator;
  return [...nacParameters(accumulator, start), gateParameter(name, inputs.length, outputs.length)];
};

/**
 * Neural arithmetic logic unit: y = g ⊙ a + (1 − g) ⊙ m, with the sum a = W x, the product m = exp(W log(|x| + ε)) and the gate
 * g = σ(G x).
 * @param weights `one` matrix W for both, as in the paper, or `two`
 */
export function naluCell(weights: 'one' | 'two' = 'one'): Cell {
  const multiplier = (name: string): string => (weights === 'one' ? name : `${name}/multiply`);
  const matrices = (name: string) => [...new Set([name, multiplier(name)])];
  return {
    id: weights === 'one' ? 'nalu' : 'nalu-two',
    summary: `Sums and products, by ${weights === 'one' ? 'one matrix' : 'a matrix each'}, with a gate that chooses by the input.`,
    source: 'Trask et al. 2018, section 3',
    parameters: (name, inputs, outputs) => [
      ...matrices(name).flatMap((one) => weightParameters(one, [inputs, outputs])),
      gateParameter(name, inputs, outputs),
    ],
    apply(parameters, name, x) {
      const [add, multiply] = [name, multiplier(name)].map((one) =>
        weightsOf<tf.Tensor>(parameters, one),
      );
      const sum = tf.matMul(x, add!);
      const product = boundedExp(tf.matMul(tf.log(tf.add(tf.abs(x), EPSILON)), multiply!));
      const gate = tf.sigmoid(tf.matMul(x, parameters[`${name}/gate`]!));
      return tf.add(tf.mul(gate, sum), tf.mul(tf.sub(1, gate), product));
    },
    distanceFromWhole: (parameters, name) =>
      matrices(name)
        .map((one) => distanceFromUnits(weightsOf<tf.Tensor>(parameters, one)))
        .reduce((a, b) => tf.add(a, b)),
    round(parameters, name) {
      for (const one of matrices(name)) roundWeights(parameters, one);
    },
    read: (parameters, name) => ({
      sums: accumulatorWeights(parameters, name),
      powers: accumulatorWeights(parameters, multiplier(name)),
      gate: null,
    }),
  };
}
