import * as tf from '../../../agent/tf.ts';

/** An activation: of every number of a layer by itself. */
export interface Activation {
  readonly id: string;
  /** @param slope [M, 1, 1], a parameter of the layer that only PReLU uses */
  apply(x: tf.Tensor, slope: tf.Tensor): tf.Tensor;
}

/** log(1 + eˣ), which does not overflow. */
const softplus = (x: tf.Tensor): tf.Tensor =>
  tf.add(tf.relu(x), tf.log(tf.add(1, tf.exp(tf.neg(tf.abs(x))))));
const sinking = (x: tf.Tensor): tf.Tensor => tf.minimum(x, 0);
const elu = (x: tf.Tensor): tf.Tensor => tf.add(tf.relu(x), tf.sub(tf.exp(sinking(x)), 1));

/** 1 where x is above the limit, otherwise 0; without a gradient. */
const isAbove = (x: tf.Tensor, limit: number): tf.Tensor => tf.relu(tf.sign(tf.sub(x, limit)));

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;
const LEAK = 0.01;
/** Of softshrink and hardshrink. */
const SHRINK = 0.5;
/** Threshold lets what is above it pass, and makes all else zero. */
const THRESHOLD = 0.1;

/** The activations of figure 1 of Trask et al. 2018, with PyTorch's usual constants. */
export const activations: readonly Activation[] = [
  { id: 'none', apply: (x) => x },
  { id: 'tanh', apply: (x) => tf.tanh(x) },
  { id: 'sigmoid', apply: (x) => tf.sigmoid(x) },
  { id: 'softsign', apply: (x) => tf.div(x, tf.add(1, tf.abs(x))) },
  { id: 'relu', apply: (x) => tf.relu(x) },
  { id: 'relu6', apply: (x) => tf.minimum(tf.relu(x), 6) },
  {
    id: 'selu',
    apply: (x) =>
      tf.mul(SELU_SCALE, tf.add(tf.relu(x), tf.mul(SELU_ALPHA, tf.sub(tf.exp(sinking(x)), 1)))),
  },
  { id: 'elu', apply: elu },
  { id: 'leaky-relu', apply: (x) => tf.add(tf.relu(x), tf.mul(LEAK, sinking(x))) },
  { id: 'prelu', apply: (x, slope) => tf.add(tf.relu(x), tf.mul(slope, sinking(x))) },
  { id: 'softplus', apply: softplus },
  { id: 'hard-tanh', apply: (x) => tf.maximum(tf.minimum(x, 1), -1) },
  { id: 'threshold', apply: (x) => tf.mul(x, isAbove(x, THRESHOLD)) },
  { id: 'log-sigmoid', apply: (x) => tf.neg(softplus(tf.neg(x))) },
  { id: 'tanhshrink', apply: (x) => tf.sub(x, tf.tanh(x)) },
  {
    id: 'softshrink',
    apply: (x) => tf.sub(tf.relu(tf.sub(x, SHRINK)), tf.relu(tf.sub(tf.neg(x), SHRINK))),
  },
  { id: 'hardshrink', apply: (x) => tf.mul(x, isAbove(tf.abs(x), SHRINK)) },
];
