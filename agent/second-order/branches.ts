import { signedPower, weightedSums } from './formula.ts';
import type { LeastSquares } from './levenberg-marquardt.ts';
import { CHUNK } from './normal-equations.ts';

/** Numbers that a model is fitted to. */
export interface Samples {
  /** [I, N], an input's values together */
  readonly x: Float64Array;
  /** [N] */
  readonly y: Float64Array;
}

/** How far the truth is spread, so that errors are in its unit; 1 where it is the same everywhere. */
export function spreadOf(y: Float64Array): number {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const square = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length;
  return Math.sqrt(square) || 1;
}

/** y = Σ_i w_i x_i; its parameters are the weights, [I]. */
export class SumBranch implements LeastSquares {
  readonly samples: number;
  readonly #data: Samples;
  readonly #scale: number;

  constructor(data: Samples) {
    this.#data = data;
    this.samples = data.y.length;
    this.#scale = 1 / spreadOf(data.y);
  }

  residuals(weights: Float64Array, out: Float64Array): boolean {
    const { x, y } = this.#data;
    const answers = weightedSums(weights, x, this.samples);
    let sum = 0;
    for (let n = 0; n < out.length; n += 1) {
      out[n] = (y[n]! - answers[n]!) * this.#scale;
      sum += out[n]!;
    }
    return Number.isFinite(sum);
  }

  jacobian(weights: Float64Array, from: number, count: number, out: Float64Array): void {
    const { x } = this.#data;
    for (let i = 0; i < weights.length; i += 1) {
      for (let n = 0; n < count; n += 1) {
        out[i * CHUNK + n] = x[i * this.samples + from + n]! * this.#scale;
      }
    }
  }
}

/** Nearer to zero, a sum has no power. */
const LEAST_SUM = 1e-9;

/**
 * y = Π_j z_j ^ p_j with z_j = Σ_i w_ji x_i, whose exponents are free; a negative z_j has the sign of the nearest whole power.
 * Its parameters are the weights, [J, I] row by row, then the exponents, [J].
 */
export class ProductBranch implements LeastSquares {
  readonly samples: number;
  readonly #data: Samples;
  readonly #scale: number;
  readonly #inputs: number;
  /** Of the last parameters that residuals were asked for: z_j, [J][N], and the product, [N]. */
  #sums: Float64Array[] = [];
  readonly #product: Float64Array;

  constructor(data: Samples) {
    this.#data = data;
    this.samples = data.y.length;
    this.#inputs = data.x.length / this.samples;
    this.#scale = 1 / spreadOf(data.y);
    this.#product = new Float64Array(this.samples);
  }

  #factors(parameters: Float64Array) {
    return parameters.length / (this.#inputs + 1);
  }

  residuals(parameters: Float64Array, out: Float64Array): boolean {
    const { x, y } = this.#data;
    const I = this.#inputs;
    const J = this.#factors(parameters);
    const product = this.#product.fill(1);
    this.#sums = Array.from({ length: J }, (_, j) =>
      weightedSums(parameters.subarray(j * I, (j + 1) * I), x, this.samples),
    );
    for (const [j, z] of this.#sums.entries()) {
      const exponent = parameters[J * I + j]!;
      for (let n = 0; n < z.length; n += 1) {
        if (Math.abs(z[n]!) < LEAST_SUM) return false;
        product[n]! *= signedPower(z[n]!, exponent);
      }
    }
    let sum = 0;
    for (let n = 0; n < out.length; n += 1) {
      out[n] = (y[n]! - product[n]!) * this.#scale;
      sum += out[n]!;
    }
    return Number.isFinite(sum);
  }

  jacobian(parameters: Float64Array, from: number, count: number, out: Float64Array): void {
    const I = this.#inputs;
    const J = this.#factors(parameters);
    const { x } = this.#data;
    const slope = new Float64Array(count);
    for (const [j, z] of this.#sums.entries()) {
      const exponent = parameters[J * I + j]!;
      const power = (J * I + j) * CHUNK;
      for (let n = 0; n < count; n += 1) {
        const scaled = this.#product[from + n]! * this.#scale;
        slope[n] = (scaled * exponent) / z[from + n]!;
        out[power + n] = scaled * Math.log(Math.abs(z[from + n]!));
      }
      for (let i = 0; i < I; i += 1) {
        const row = (j * I + i) * CHUNK;
        const input = i * this.samples + from;
        for (let n = 0; n < count; n += 1) out[row + n] = slope[n]! * x[input + n]!;
      }
    }
  }
}
