import { addGram, CHUNK, solvePositive } from './normal-equations.ts';

/** A small model and the samples that it is fitted to. */
export interface LeastSquares {
  /** N */
  readonly samples: number;
  /** What is wrong at each sample, to be made zero: y − f(x). @param out [N] @returns whether all are finite numbers */
  residuals(parameters: Float64Array, out: Float64Array): boolean;
  /**
   * The derivative of f by each parameter, at samples `from` to `from + count`. The residuals of the same parameters were the last to be
   * asked for, so what they needed can be used again.
   * @param out [P, {@link CHUNK}], a row for each parameter
   */
  jacobian(parameters: Float64Array, from: number, count: number, out: Float64Array): void;
}

/** All that the next step depends on. */
export interface FitState {
  readonly parameters: Float64Array;
  readonly damping: number;
}

/** Where a step is given up: no smaller one lowers the error either. */
const GREATEST_DAMPING = 1e10;
const LEAST_DAMPING = 1e-12;
/** Keeps the equations solvable where the error does not depend on a parameter. */
const FLOOR = 1e-9;

/**
 * Fits a model of a few hundred parameters to samples by second-order steps, in float64: each solves (H + λ diag H) s = Jᵀ e with
 * H = Jᵀ J, and is taken if the error falls (Levenberg 1944, Marquardt 1963). λ falls by 3 after a good step and rises by 4 after a bad one.
 */
export class LevenbergMarquardt {
  parameters: Float64Array;
  damping: number;
  /** The mean square of the residuals. */
  error: number;
  readonly #problem: LeastSquares;
  #residuals: Float64Array;
  #trial: Float64Array;

  constructor(
    problem: LeastSquares,
    { parameters, damping = 1e-2 }: Partial<FitState> & { parameters: Float64Array },
  ) {
    this.#problem = problem;
    this.parameters = parameters.slice();
    this.damping = damping;
    this.#residuals = new Float64Array(problem.samples);
    this.#trial = new Float64Array(problem.samples);
    this.error = this.#errorOf(this.parameters, this.#residuals);
  }

  get state(): FitState {
    return { parameters: this.parameters, damping: this.damping };
  }

  /** Makes one step that lowers the error, of the largest size that does. @returns false where there is none */
  step(): boolean {
    if (this.damping > GREATEST_DAMPING || !Number.isFinite(this.error)) return false;
    const { hessian, gradient } = this.#equations();
    const P = this.parameters.length;
    for (; this.damping <= GREATEST_DAMPING; this.damping *= 4) {
      const damped = hessian.slice();
      for (let i = 0; i < P; i += 1) {
        damped[i * P + i]! += this.damping * (hessian[i * P + i]! + FLOOR);
      }
      const s = solvePositive(damped, gradient);
      if (s === null) continue;
      const next = this.parameters.map((value, i) => value + s[i]!);
      const error = this.#errorOf(next, this.#trial);
      if (!(error < this.error)) continue;
      [this.#residuals, this.#trial] = [this.#trial, this.#residuals];
      this.parameters = next;
      this.error = error;
      this.damping = Math.max(this.damping / 3, LEAST_DAMPING);
      return true;
    }
    return false;
  }

  #errorOf(parameters: Float64Array, residuals: Float64Array): number {
    if (!this.#problem.residuals(parameters, residuals)) return Number.POSITIVE_INFINITY;
    let sum = 0;
    for (let n = 0; n < residuals.length; n += 1) sum += residuals[n]! * residuals[n]!;
    return sum / residuals.length;
  }

  /** The means over all samples of J Jᵀ, [P, P], and of J e, [P]. */
  #equations(): { hessian: Float64Array; gradient: Float64Array } {
    const { samples } = this.#problem;
    const P = this.parameters.length;
    const hessian = new Float64Array(P * P);
    const gradient = new Float64Array(P);
    const jacobian = new Float64Array(P * CHUNK);
    for (let from = 0; from < samples; from += CHUNK) {
      const count = Math.min(CHUNK, samples - from);
      this.#problem.jacobian(this.parameters, from, count, jacobian);
      addGram(jacobian, P, count, hessian);
      for (let i = 0; i < P; i += 1) {
        let sum = 0;
        for (let n = 0; n < count; n += 1)
          sum += jacobian[i * CHUNK + n]! * this.#residuals[from + n]!;
        gradient[i]! += sum;
      }
    }
    for (let i = 0; i < hessian.length; i += 1) hessian[i]! /= samples;
    for (let i = 0; i < P; i += 1) gradient[i]! /= samples;
    return { hessian, gradient };
  }
}
