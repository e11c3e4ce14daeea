import * as z from 'zod';
import { type Initializer, xavier } from '../initializers.ts';
import type { ParameterSpec } from '../parameters.ts';
import * as tf from '../tf.ts';
import { type Cell, distanceFromUnits } from './cell.ts';

/** A neural accumulator of a pathway, or another arithmetic cell; its parameters are called `name/part`. */
export interface Accumulator {
  readonly name: string;
  /** Which cell it is; a NAC where left out. */
  readonly cell?: Cell;
  /** Names of what it reads: a number of the instruction, `1` for the constant 1, or an output of an accumulator. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** What it carries to the next step: nothing, its outputs, or its last outputs plus the new ones. */
  readonly keeps: 'nothing' | 'outputs' | 'sums';
}

/** Options of every pathway with neural accumulators, with these defaults. */
export const nacOptions = ({
  nacStart = 'xavier',
  pull = 0,
  pullFrom = 0.3,
  roundAt = 1,
}: {
  readonly nacStart?: 'xavier' | 'signed';
  readonly pull?: number;
  readonly pullFrom?: number;
  readonly roundAt?: number;
} = {}) => ({
  nacWidth: z.int().min(1).max(8192).default(16).describe('outputs of the neural accumulator'),
  nacStart: z
    .enum(['xavier', 'signed'])
    .default(nacStart)
    .describe('first weights of a neural accumulator: small, or near −1 and 1 at random'),
  pull: z
    .number()
    .min(0)
    .default(pull)
    .describe('greatest pull of the accumulators’ weights to −1, 0 and 1, as a weight in the loss'),
  pullFrom: z
    .number()
    .min(0)
    .max(1)
    .default(pullFrom)
    .describe('share of the training after which the pull sets in'),
  roundAt: z
    .number()
    .gt(0)
    .max(1)
    .default(roundAt)
    .describe('share of the training after which those weights are rounded (1 means never)'),
});

/** How the weights of accumulators are drawn to −1, 0 and 1; a pathway without accumulators has no such options. */
export type PullOptions = Pick<
  z.infer<z.ZodObject<ReturnType<typeof nacOptions>>>,
  'pull' | 'pullFrom' | 'roundAt'
>;

/**
 * The weights of a neural accumulator: W = tanh(Ŵ) ⊙ σ(M̂), which gradient descent draws towards
 * −1, 0 and 1 (Trask et al. 2018, equation 1).
 * @param wHat [inputs, outputs]
 * @param mHat [inputs, outputs]
 */
export function nacWeights<T extends tf.Tensor = tf.Tensor2D>(wHat: T, mHat: T): T {
  return tf.mul(tf.tanh(wHat), tf.sigmoid(mHat));
}

/**
 * A neural accumulator: sums and differences of its inputs, without bias (Trask et al. 2018, section 3).
 * @param x [batch, inputs]
 * @returns [batch, outputs]
 */
export function nac(x: tf.Tensor2D, wHat: tf.Tensor2D, mHat: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(x, nacWeights(wHat, mHat));
}

const SMALL = { w_hat: xavier, m_hat: xavier };

/** The sign that a weight starts with; `either` is drawn at random. */
export type WeightSign = -1 | 0 | 1 | 'either';

/**
 * W near ±0.73 … ±0.95 where `sign` says so, as far from zero as leaves a gradient to come back by (Ŵ = ±1 … ±2, M̂ = 1 … 2), and zero
 * where it says 0, with a gradient to leave by.
 * @param sign of the weight from an input to an output, by their places
 */
const nearWhole = (
  sign: (input: number, output: number) => WeightSign,
): Record<'w_hat' | 'm_hat', Initializer> => {
  const drawn =
    (value: (sign: WeightSign, uniform: () => number) => number): Initializer =>
    ([inputs, outputs], uniform) =>
      Float32Array.from({ length: inputs! * outputs! }, (_, i) =>
        value(sign(Math.floor(i / outputs!), i % outputs!), uniform),
      );
  return {
    w_hat: drawn((one, uniform) => {
      if (one === 0) return 0;
      const size = 1 + uniform();
      return (one === 'either' ? (uniform() < 0.5 ? -1 : 1) : one) * size;
    }),
    m_hat: drawn((one, uniform) => (one === 0 ? -uniform() : 1 + uniform())),
  };
};

/** The parameters of accumulator weights: Ŵ and M̂, each of the given shape. */
export const weightParameters = (
  name: string,
  shape: readonly number[],
  initial: Record<'w_hat' | 'm_hat', Initializer> = SMALL,
): ParameterSpec[] =>
  (['w_hat', 'm_hat'] as const).map((part) => ({
    name: `${name}/${part}`,
    shape,
    initial: initial[part],
  }));

/**
 * The parameters of an accumulator.
 * @param sign where it starts `signed`: the signs of its weights; any by default
 */
export const nacParameters = (
  { name, inputs, outputs }: Accumulator,
  start: 'xavier' | 'signed' = 'xavier',
  sign: Parameters<typeof nearWhole>[0] = () => 'either',
): ParameterSpec[] =>
  weightParameters(
    name,
    [inputs.length, outputs.length],
    start === 'signed' ? nearWhole(sign) : SMALL,
  );

const partsOf = <Part>(parameters: Readonly<Record<string, Part>>, name: string): [Part, Part] => [
  parameters[`${name}/w_hat`]!,
  parameters[`${name}/m_hat`]!,
];

/** The weights of the accumulator `name` among `parameters`, [inputs, outputs]. */
export const weightsOf = <T extends tf.Tensor = tf.Tensor2D>(
  parameters: Readonly<Record<string, tf.Tensor>>,
  name: string,
): T => nacWeights(...(partsOf(parameters, name) as [T, T]));

/** What the accumulator `name` among `parameters` gives for x. @param x [batch, inputs] @returns [batch, outputs] */
export const accumulate = (
  parameters: Record<string, tf.Tensor>,
  name: string,
  x: tf.Tensor2D,
): tf.Tensor2D => nac(x, ...(partsOf(parameters, name) as [tf.Tensor2D, tf.Tensor2D]));

/** The mean distance of weights within −1…1 from the nearest of −1, 0 and 1: mean of min(|W|, 1 − |W|). */
export function distanceFromWhole(weights: readonly tf.Tensor2D[]): tf.Scalar {
  const all = tf.concat1d(weights.map((w) => tf.reshape(w, [-1]) as tf.Tensor1D));
  return tf.mean(tf.sub(0.5, tf.abs(tf.sub(tf.abs(all), 0.5))));
}

/** The same weights from plain arrays, [inputs, outputs] row by row. @param parameters by name */
export function accumulatorWeights(
  parameters: Readonly<Record<string, Float32Array>>,
  name: string,
): Float32Array {
  const [wHat, mHat] = partsOf(parameters, name);
  return wHat.map((w, i) => Math.tanh(w) / (1 + Math.exp(-mHat[i]!)));
}

/** So large that tanh gives ±1 and σ gives 1 to float32's last bit. */
const SATURATED = 30;

/** Rounds the weights of the accumulator `name` to −1, 0 or 1 in place; their gradient is then zero. */
export function roundWeights(
  parameters: Readonly<Record<string, Float32Array>>,
  name: string,
): void {
  const [wHat, mHat] = partsOf(parameters, name);
  for (const [i, exact] of accumulatorWeights(parameters, name).entries()) {
    const weight = Math.round(exact);
    wHat[i] = weight * SATURATED;
    mHat[i] = weight === 0 ? -SATURATED : SATURATED;
  }
}

/** Neural accumulator: y = W x, where W = tanh(Ŵ) ⊙ σ(M̂). */
export const nacCell: Cell = {
  id: 'nac',
  summary: 'Sums and differences, by weights that are drawn towards −1, 0 and 1.',
  source: 'Trask et al. 2018, section 3',
  parameters: (name, inputs, outputs) => weightParameters(name, [inputs, outputs]),
  apply: (parameters, name, x) => tf.matMul(x, weightsOf<tf.Tensor>(parameters, name)),
  distanceFromWhole: (parameters, name) =>
    distanceFromUnits(weightsOf<tf.Tensor>(parameters, name)),
  round: roundWeights,
  read: (parameters, name) => ({
    sums: accumulatorWeights(parameters, name),
    powers: null,
    gate: null,
  }),
};

/** Which cell an accumulator is. */
export const cellOf = ({ cell = nacCell }: Accumulator): Cell => cell;
