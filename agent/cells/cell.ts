import type { ParameterSpec } from '../parameters.ts';
import * as tf from '../tf.ts';

/**
 * An arithmetic cell: I numbers in, O numbers out. It is a few functions from parameters and tensors to tensors, so it works in any
 * TensorFlow.js model, on any backend, and compiled. Parameters are called `name/part`, so a model may hold several cells.
 *
 * A whole batch of M models is one call: every parameter gets a first dimension M, and x is [M, B, I].
 */
export interface Cell {
  /** Small letters, digits and hyphens, such as `nalu`. */
  readonly id: string;
  /** What it computes, in one sentence. */
  readonly summary: string;
  /** Where it was published. */
  readonly source: string;
  /** Its parameters, each with the first values that its authors give it. */
  parameters(name: string, inputs: number, outputs: number): ParameterSpec[];
  /** @param x [B, I] or [M, B, I] @returns [B, O] or [M, B, O]; finite for |x| ≤ 10⁶ */
  apply(parameters: Readonly<Record<string, tf.Tensor>>, name: string, x: tf.Tensor): tf.Tensor;
  /**
   * How far its weights are from whole ones, to be made small in training: the mean distance of each weight from the nearest one.
   * @returns a scalar; [M] for a batch of models
   */
  distanceFromWhole(parameters: Readonly<Record<string, tf.Tensor>>, name: string): tf.Tensor;
  /**
   * Rounds its weights to whole ones, in place; powers may be halves.
   * @param inputs I, which the sizes of the parameters alone do not tell
   */
  round(parameters: Readonly<Record<string, Float32Array>>, name: string, inputs: number): void;
  /** What it computes, as weights that a person can read. @param inputs I */
  read(
    parameters: Readonly<Record<string, Float32Array>>,
    name: string,
    inputs: number,
  ): CellReading;
}

/** y = gate · Σ sums · x + (1 − gate) · Π x ^ powers, for each output. */
export interface CellReading {
  /** [I, O], row by row; null for a cell that does not add */
  readonly sums: Float32Array | null;
  /** [I, O], row by row; null for a cell that does not multiply */
  readonly powers: Float32Array | null;
  /** [O], 0…1; null where it depends on the input, or where there is only one of the two */
  readonly gate: Float32Array | null;
}

/** The largest exponent of e that a cell raises it to: 10²⁶, small enough for gradients of its products to stay finite in float32. */
const GREATEST_EXPONENT = 60;
/** The largest partial product, so that the product of two is a float32. */
const GREATEST_PRODUCT = 1e18;

/** e to the power of x, which stops growing before float32 overflows. */
export const boundedExp = (x: tf.Tensor): tf.Tensor => tf.exp(tf.minimum(x, GREATEST_EXPONENT));

/**
 * Keeps x within bounds, with a gradient that never sticks: outside of them, the gradient that leads back passes.
 * (`clipByValue` has none there, so a weight that a step of the optimiser put outside would never move again.)
 */
export function bounded(x: tf.Tensor, least: number, greatest: number): tf.Tensor {
  const clip = tf.customGrad((value, save) => {
    const input = value as tf.Tensor;
    (save as (tensors: tf.Tensor[]) => void)([input]);
    return {
      value: tf.clipByValue(input, least, greatest),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const isOut = tf.logicalOr(
          tf.logicalAnd(tf.greater(saved[0]!, greatest), tf.less(dy, 0)),
          tf.logicalAnd(tf.less(saved[0]!, least), tf.greater(dy, 0)),
        );
        return tf.where(isOut, tf.zerosLike(dy), dy);
      },
    };
  });
  return clip(x);
}

/**
 * The product over the last dimension but one, two by two: exact gradients also where a factor is zero.
 * @param factors [..., I, O] @returns [..., O]
 */
export function product(factors: tf.Tensor): tf.Tensor {
  let rest = factors;
  for (let count = rest.shape.at(-2)!; count > 1; count = rest.shape.at(-2)!) {
    const half = count >> 1;
    const parts = tf.split(rest, count % 2 ? [half, half, 1] : [half, half], rest.rank - 2);
    const products = tf.clipByValue(
      tf.mul(parts[0]!, parts[1]!),
      -GREATEST_PRODUCT,
      GREATEST_PRODUCT,
    );
    rest = parts[2] ? tf.concat([products, parts[2]], rest.rank - 2) : products;
  }
  return tf.squeeze(rest, [rest.rank - 2]);
}

/** w · f + 1 − w for each input and output: the factor f where w is 1, the factor 1 where w is 0. @returns [..., B, I, O] */
export function gatedFactors(factors: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  const w = tf.expandDims(weights, -3);
  return tf.add(tf.mul(tf.expandDims(factors, -1), w), tf.sub(1, w));
}

/** −1 for a negative number and 1 for any other. */
export const signOf = (x: tf.Tensor): tf.Tensor => tf.sign(tf.add(tf.sign(x), 0.5));

/** The mean distance of weights from the nearest of the whole numbers 0 and ±1, over all but a batch's dimension. */
export function distanceFromUnits(weights: tf.Tensor): tf.Tensor {
  const size = tf.abs(weights);
  return tf.mean(tf.minimum(size, tf.abs(tf.sub(1, size))), [-2, -1]);
}

/** Rounds values in place, to whole numbers from `least` to `greatest`. */
export function roundWithin(values: Float32Array, least: number, greatest: number): void {
  for (const [i, value] of values.entries()) {
    values[i] = Math.max(least, Math.min(greatest, Math.round(value))) + 0;
  }
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
