import { DrawnNumbers } from '../drawn-numbers.ts';
import { meanSquare } from '../success.ts';
import { nearlyOf, type OperationName, RANGES, truthOf } from './problems.ts';

/** In place of an exact zero, which has neither a logarithm nor a reciprocal. */
export const NOT_ZERO = 2 ** -24;

/** What step `i` of a seed is trained on, on any range: shares of the way from its low end to its high end. @param out [N, I] */
export function drawShares(seed: number, i: number, out: Float32Array): void {
  new DrawnNumbers(`module/train/${seed}/${i}`).fill(out, 0, 1);
}

/** The numbers of a training range for such shares, in float32 as a compiled graph computes them. @returns [N, I] */
export function numbersAt(range: number, shares: Float32Array): Float32Array {
  const [low, high] = RANGES[range]!.train.map(Math.fround) as [number, number];
  const width = Math.fround(high - low);
  return shares.map((share) => Math.fround(low + Math.fround(width * share)) || NOT_ZERO);
}

/** Inputs that no training sees. @returns [samples, I] */
export function testNumbers(range: number, inputs: number, samples: number): Float32Array {
  const intervals = RANGES[range]!.test;
  const draw = new DrawnNumbers(`module/test/${range}`);
  return Float32Array.from({ length: samples * inputs }, () => {
    const [low, high] = intervals[draw.integer(0, intervals.length - 1)]!;
    return draw.uniform(low, high);
  });
}

const SAMPLES = 1000;

/** The mean square error on the training range of a cell whose weights are off by ε. */
export function trainingLimit(operation: OperationName, range: number, inputs: number): number {
  const shares = new Float32Array(SAMPLES * inputs);
  new DrawnNumbers(`module/limit/${range}`).fill(shares, 0, 1);
  const x = numbersAt(range, shares);
  return meanSquare(nearlyOf(operation, x, inputs), truthOf(operation, x, inputs));
}
