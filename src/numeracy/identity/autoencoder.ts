import { nacCell, weightsOf } from '../../../agent/cells/nac.ts';
import { constant, uniform } from '../../../agent/initializers.ts';
import type { ParameterSpec } from '../../../agent/parameters.ts';
import * as tf from '../../../agent/tf.ts';
import { activations } from './activations.ts';

/** A net that should reproduce the number it gets: 1-8-8-8-1. */
export interface Autoencoder {
  readonly parameters: readonly ParameterSpec[];
  /** @param parameters [M, …] each @param x [M, N, 1] @returns [M, N, 1] */
  apply(parameters: Record<string, tf.Tensor>, x: tf.Tensor): tf.Tensor;
  /** What is added to the loss, [M], so that few of its weights are not zero. */
  penalty?(parameters: Record<string, tf.Tensor>): tf.Tensor;
  /** Makes the weights of one trained copy whole, in place. */
  round?(parameters: Readonly<Record<string, Float32Array>>): void;
}

/** Numbers in and out of each layer. */
const LAYERS = [
  [1, 8],
  [8, 8],
  [8, 8],
  [8, 1],
] as const;
const names = LAYERS.map((_, i) => `layer ${i + 1}`);

/** @param id of an activation, or `nac` for a net of accumulators */
export function autoencoder(id: string): Autoencoder {
  return id === 'nac' ? accumulators : withActivation(id);
}

/** Weights and biases begin as PyTorch's linear layers do: uniform within ±1/√inputs. */
function withActivation(id: string): Autoencoder {
  const { apply } = activations.find((activation) => activation.id === id)!;
  return {
    parameters: LAYERS.flatMap(([inputs, outputs], i) => {
      const initial = uniform(-1 / Math.sqrt(inputs), 1 / Math.sqrt(inputs));
      return [
        { name: `${names[i]}/w`, shape: [inputs, outputs], initial },
        { name: `${names[i]}/b`, shape: [1, outputs], initial },
        { name: `${names[i]}/slope`, shape: [1, 1], initial: constant(0.25) },
      ];
    }),
    apply: (parameters, x) =>
      names.reduce((values, name, i) => {
        const sums = tf.add(tf.matMul(values, parameters[`${name}/w`]!), parameters[`${name}/b`]!);
        return i < names.length - 1 ? apply(sums, parameters[`${name}/slope`]!) : sums;
      }, x),
  };
}

/**
 * For each weight's size. Without it, two paths of a net share a number, with a weight of a half, where one path with whole weights
 * would do: then 9 of 20 nets gave zero once their weights were rounded.
 */
const PENALTY = 0.1;

const accumulators: Autoencoder = {
  parameters: LAYERS.flatMap(([inputs, outputs], i) =>
    nacCell.parameters(names[i]!, inputs, outputs),
  ),
  apply: (parameters, x) =>
    names.reduce((values, name) => nacCell.apply(parameters, name, values), x),
  penalty: (parameters) =>
    names
      .map((name) => tf.sum(tf.abs(weightsOf<tf.Tensor>(parameters, name)), [-2, -1]))
      .reduce((total, sizes) => tf.add(total, tf.mul(PENALTY, sizes)), tf.scalar(0)),
  round(parameters) {
    for (const [i, name] of names.entries()) nacCell.round(parameters, name, LAYERS[i]![0]);
  },
};
