import seedrandom from 'seedrandom';
import { ProductBranch, type Samples, SumBranch, spreadOf } from './branches.ts';
import { evaluateFormula, type Factor, type Formula } from './formula.ts';
import { type FitState, LevenbergMarquardt } from './levenberg-marquardt.ts';

/** What the exponents of a product branch start from: as many branches as entries. */
export const EXPONENTS: readonly (readonly number[])[] = [
  [1, 1],
  [1, -1],
];

/** A relative error that float64's rounding alone explains, squared: there is nothing left to learn. */
const EXACT = 1e-20;

export interface SumOrProductOptions {
  /** Decides the first parameters, and nothing else does. */
  readonly seed: string | number;
  readonly exponents?: readonly (readonly number[])[];
}

/**
 * A gated cell, trained by second-order steps: y = g · Σ_i w_i x_i + (1 − g) · Π_j (Σ_i w_ji x_i) ^ p_j, with g either 0 or 1. Its
 * branches are trained apart, side by side, from the same samples: the sum, and a product from each of some first exponents. After every
 * step, each is read as a formula of whole weights, and the gate takes the one with the least error on numbers that were kept back. The
 * training ends as soon as that one is exact.
 */
export class SumOrProduct {
  readonly #branches: LevenbergMarquardt[];
  readonly #inputs: number;
  readonly #kept: Samples;
  readonly #spread: number;
  /** The branch that the gate takes, what it reads as, and the mean square of its relative errors on the numbers kept back. */
  best: { branch: number; formula: Formula; error: number };

  /**
   * @param train what the branches are fitted to @param kept what the gate decides by: of the same range, but other samples
   * @param states of the branches, to resume from
   */
  constructor(
    train: Samples,
    kept: Samples,
    { seed, exponents = EXPONENTS }: SumOrProductOptions,
    states?: readonly FitState[],
  ) {
    this.#inputs = train.x.length / train.y.length;
    this.#branches = firstParameters(seed, this.#inputs, exponents).map(
      (parameters, branch) =>
        new LevenbergMarquardt(
          branch === 0 ? new SumBranch(train) : new ProductBranch(train),
          states?.[branch] ?? { parameters },
        ),
    );
    this.#kept = kept;
    this.#spread = spreadOf(kept.y);
    this.best = this.#choose();
  }

  get isExact(): boolean {
    return this.best.error < EXACT;
  }

  /** The mean square of the errors of the branch that the gate takes, in units of the spread of the truth, before rounding. */
  get error(): number {
    return this.#branches[this.best.branch]!.error;
  }

  get states(): FitState[] {
    return this.#branches.map(({ state }) => state);
  }

  /** One step of each branch. @returns false once there is nothing left to do */
  step(): boolean {
    if (this.isExact) return false;
    const moved = this.#branches.map((fit) => fit.step());
    this.best = this.#choose();
    return moved.includes(true);
  }

  #choose(): SumOrProduct['best'] {
    const { x, y } = this.#kept;
    const read = this.#branches.map(({ parameters }, branch) => {
      const { formula } = readBranch(branch, parameters, this.#inputs);
      const answers = evaluateFormula(formula, x, y.length);
      const square = answers.reduce((sum, answer, n) => sum + (answer - y[n]!) ** 2, 0) / y.length;
      const error = square / this.#spread ** 2;
      return { branch, formula, error: Number.isFinite(error) ? error : Number.POSITIVE_INFINITY };
    });
    return read.reduce((best, one) => (one.error < best.error ? one : best));
  }
}

/** The first parameters of the sum (zeros), then of each product: positive weights, so that no sum is zero. */
export function firstParameters(
  seed: string | number,
  inputs: number,
  exponents = EXPONENTS,
): Float64Array[] {
  const draw = seedrandom(`sum-or-product:${seed}`);
  const factors = exponents[0]!.length;
  const rows = Float64Array.from({ length: factors * inputs }, () => 0.1 + 0.3 * draw());
  return [
    new Float64Array(inputs),
    ...exponents.map((powers) => Float64Array.of(...rows, ...powers)),
  ];
}

/** A branch as a person reads it. */
export interface BranchReading {
  readonly formula: Formula;
  /** The greatest distance of its weights from the whole ones that they are read as. */
  readonly distance: number;
}

/**
 * Reads a branch as a formula of whole weights. A row of a product is first divided by the median of its large weights, as its size says
 * nothing; rows that are then the same are one, with the sum of their exponents, which are rounded to halves.
 * @param branch 0 for the sum, else a product
 */
export function readBranch(
  branch: number,
  parameters: Float64Array,
  inputs: number,
): BranchReading {
  if (branch === 0) {
    const { weights, distance } = wholeRow(parameters, 1);
    return { formula: [{ weights, exponent: 1 }], distance };
  }
  const J = parameters.length / (inputs + 1);
  const factors = new Map<string, Factor>();
  let greatest = 0;
  for (let j = 0; j < J; j += 1) {
    const row = parameters.subarray(j * inputs, (j + 1) * inputs);
    const { weights, distance } = wholeRow(row, medianOfLarge(row));
    const key = weights.join();
    const before = factors.get(key)?.exponent ?? 0;
    factors.set(key, { weights, exponent: before + parameters[J * inputs + j]! });
    greatest = Math.max(greatest, distance);
  }
  const formula = [...factors.values()]
    .map(({ weights, exponent }) => ({ weights, exponent: Math.round(2 * exponent) / 2 + 0 }))
    .filter(({ exponent }) => exponent !== 0);
  return { formula, distance: greatest };
}

function wholeRow(row: Float64Array, unit: number): { weights: Float64Array; distance: number } {
  const weights = row.map((weight) => Math.round(weight / unit) + 0);
  const distance = row.reduce((most, w, i) => Math.max(most, Math.abs(w / unit - weights[i]!)), 0);
  return { weights, distance };
}

function medianOfLarge(row: Float64Array): number {
  const greatest = Math.max(...Array.from(row, Math.abs));
  const large = row.filter((weight) => Math.abs(weight) > greatest / 2).sort();
  return large[large.length >> 1] ?? 1;
}
