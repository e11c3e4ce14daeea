/** When an operation counts as found (Madsen and Johansen 2020, section 4.1): what the tasks of arithmetic cells share. */

/** How far the weights of the model are off that sets the limit of success. */
export const EPSILON = 1e-5;

export type Numbers = Float32Array | Float64Array;

export const meanOver = (truth: Numbers, of: (y: number, n: number) => number): number => {
  let sum = 0;
  for (let n = 0; n < truth.length; n += 1) sum += of(truth[n]!, n);
  return sum / truth.length;
};

export const meanSquare = (answers: Numbers, truth: Numbers): number =>
  meanOver(truth, (y, n) => (answers[n]! - y) ** 2);

/**
 * The error of a model in that of one whose weights are off by ε: below 1, it has found the operation.
 * @param nearly what the model answers whose weights are off by ε
 * @returns NaN where an answer is not a finite number
 */
export const errorRatio = (answers: Numbers, nearly: Numbers, truth: Numbers): number =>
  Math.sqrt(meanSquare(answers, truth) / meanSquare(nearly, truth));

/** The greatest distance of a weight from the nearest of −1, 0 and 1 (Madsen and Johansen 2020, section 4.1). */
export const sparsityError = (weights: readonly Float32Array[]): number =>
  weights
    .flatMap((matrix) => [...matrix])
    .reduce((most, w) => Math.max(most, Math.min(Math.abs(w), Math.abs(1 - Math.abs(w)))), 0);
