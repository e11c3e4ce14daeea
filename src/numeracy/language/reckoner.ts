import type { LeastSquares } from '../../../agent/second-order/levenberg-marquardt.ts';
import { CHUNK } from '../../../agent/second-order/normal-equations.ts';
import { V } from './word-input.ts';

/**
 * A net whose state is a value and a total, and whose cells are a multiplication and additions. Each word has three weights: a scale s, a
 * summand a and a closing c = σ(ĉ):
 *
 *     v ← s v + a;   total ← total + c v;   v ← (1 − c) v;   answer = total + v
 *
 * With whole weights, a word multiplies or adds, and may set aside what has been read. A word with s = 1, a = 0 and c = 0 does nothing.
 */
export const P = 3 * V;

/** Where the kinds of weights stand among P. */
const [SCALES, CLOSINGS] = [V, 2 * V];

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** How far a weight is from doing nothing: a, s − 1 or c. */
export function effectOf(parameters: Float64Array, i: number): number {
  if (i < SCALES) return parameters[i]!;
  return i < CLOSINGS ? parameters[i]! - 1 : sigmoid(parameters[i]!);
}

const slopeOfEffect = (parameters: Float64Array, i: number): number => {
  if (i < CLOSINGS) return 1;
  const c = sigmoid(parameters[i]!);
  return c * (1 - c);
};

/** So large that σ is 0 or 1 to float64's last bit. */
const SATURATED = 40;
/** The weight that does nothing. */
export const idle = (i: number): number => (i < SCALES ? 0 : i < CLOSINGS ? 1 : -SATURATED);

export const wholeWeights = (parameters: Float64Array): Float64Array =>
  parameters.map((value, i) =>
    i < CLOSINGS ? Math.round(value) : value > 0 ? SATURATED : -SATURATED,
  );

/** How many weights do something, as whole ones. */
export const effects = (parameters: Float64Array): number =>
  wholeWeights(parameters).reduce((count, value, i) => count + (value === idle(i) ? 0 : 1), 0);

/** Before the k-th word of the expression that was read last: v before it, and s v + a. */
const before = new Float64Array(16);
const reached = new Float64Array(16);

/** @param words places in the vocabulary, 16 at most */
export function reckon(parameters: Float64Array, words: readonly number[]): number {
  let value = 0;
  let total = 0;
  for (const [k, word] of words.entries()) {
    before[k] = value;
    reached[k] = parameters[SCALES + word]! * value + parameters[word]!;
    const closing = sigmoid(parameters[CLOSINGS + word]!);
    total += closing * reached[k]!;
    value = (1 - closing) * reached[k]!;
  }
  return total + value;
}

/** The derivative of the answer by each weight. @param out [P] @returns the answer */
export function gradientOf(
  parameters: Float64Array,
  words: readonly number[],
  out: Float64Array,
): number {
  const answer = reckon(parameters, words);
  out.fill(0);
  // dValue: by the value after word k. By the total it is 1 throughout.
  let dValue = 1;
  for (let k = words.length - 1; k >= 0; k -= 1) {
    const word = words[k]!;
    const closing = sigmoid(parameters[CLOSINGS + word]!);
    const dReached = closing + (1 - closing) * dValue;
    out[CLOSINGS + word]! += (1 - dValue) * reached[k]! * closing * (1 - closing);
    out[word]! += dReached;
    out[SCALES + word]! += dReached * before[k]!;
    dValue = dReached * parameters[SCALES + word]!;
  }
  return answer;
}

/** Expressions and their numbers, to be fitted by relative error, and what each weight pays for its effect. */
export class Reckoning implements LeastSquares {
  readonly samples: number;
  /** [P], by which the effects of the weights are multiplied as residuals. */
  readonly prices = new Float64Array(P);
  readonly #words: readonly (readonly number[])[];
  readonly #numbers: readonly number[];
  readonly #gradient = new Float64Array(P);

  constructor(words: readonly (readonly number[])[], numbers: readonly number[]) {
    this.#words = words;
    this.#numbers = numbers;
    this.samples = numbers.length + P;
  }

  residuals(parameters: Float64Array, out: Float64Array): boolean {
    const N = this.#numbers.length;
    for (const [n, number] of this.#numbers.entries()) {
      out[n] = (number - reckon(parameters, this.#words[n]!)) / (1 + number);
    }
    for (let i = 0; i < P; i += 1) out[N + i] = -this.prices[i]! * effectOf(parameters, i);
    return out.every(Number.isFinite);
  }

  jacobian(parameters: Float64Array, from: number, count: number, out: Float64Array): void {
    const N = this.#numbers.length;
    for (let k = 0; k < count; k += 1) {
      const n = from + k;
      if (n < N) gradientOf(parameters, this.#words[n]!, this.#gradient);
      for (let i = 0; i < P; i += 1) {
        out[i * CHUNK + k] =
          n < N
            ? this.#gradient[i]! / (1 + this.#numbers[n]!)
            : i === n - N
              ? this.prices[i]! * slopeOfEffect(parameters, i)
              : 0;
      }
    }
  }
}
