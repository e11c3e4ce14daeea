import { EPSILON } from '../success.ts';

/** What is asked of a cell: y of two of its inputs. It is never told which. */
export const OPERATIONS = {
  add: { sign: '+', of: (a: number, b: number) => a + b },
  subtract: { sign: '−', of: (a: number, b: number) => a - b },
  multiply: { sign: '×', of: (a: number, b: number) => a * b },
  divide: { sign: '÷', of: (a: number, b: number) => a / b },
} as const;

export type OperationName = keyof typeof OPERATIONS;
export const operationNames = Object.keys(OPERATIONS) as OperationName[];

/** Numbers from `low` to `high`. */
type Interval = readonly [low: number, high: number];

/** Numbers that a cell is trained on, and others that it is tested on: of two intervals, half are of each. */
export interface RangePair {
  readonly train: Interval;
  readonly test: readonly Interval[];
}

/** The nine ranges of Mistry, Farrahi and Hare 2022, by the training range, as the authors' `single_layer_benchmark.sh` has them. */
export const RANGES: readonly RangePair[] = [
  { train: [-20, -10], test: [[-40, -20]] },
  { train: [-2, -1], test: [[-6, -2]] },
  { train: [-1.2, -1.1], test: [[-6.1, -1.2]] },
  { train: [-0.2, -0.1], test: [[-2, -0.2]] },
  // biome-ignore format: one range, one line
  { train: [-2, 2], test: [[-6, -2], [2, 6]] },
  { train: [0.1, 0.2], test: [[0.2, 2]] },
  { train: [1, 2], test: [[2, 6]] },
  { train: [1.1, 1.2], test: [[1.2, 6]] },
  { train: [10, 20], test: [[20, 40]] },
];

/** `−1.2…−1.1` */
export const rangeName = (range: number): string =>
  RANGES[range]!.train.map((end) => `${end}`.replace('-', '−')).join('…');

/** One copy of a cell: what it is to find, from which numbers. */
export interface Problem {
  readonly operation: OperationName;
  /** Its place in {@link RANGES}. */
  readonly range: number;
  readonly seed: number;
}

/** Every operation on every range with every seed, in the order of a batch's copies: seeds vary fastest, operations slowest. */
export const problemsOf = (seeds: readonly number[]): Problem[] =>
  operationNames.flatMap((operation) =>
    RANGES.flatMap((_, range) => seeds.map((seed) => ({ operation, range, seed }))),
  );

/**
 * The truth for rows of inputs: the operation on the first two. Cells treat their inputs alike, so which two does not matter.
 * @param x [N, I] row by row @returns [N]
 */
export function truthOf(operation: OperationName, x: Float32Array, inputs: number): Float64Array {
  const { of } = OPERATIONS[operation];
  return Float64Array.from({ length: x.length / inputs }, (_, n) =>
    of(x[n * inputs]!, x[n * inputs + 1]!),
  );
}

/**
 * What a cell answers whose weights are all off by ε, each to the worse side, as the authors' `generate_exp_thresholds.r` has it: for a
 * sum y − ε Σ|x|, for a product y (1 − ε)² Π (1 − ε|x|) over the inputs that do not count, with 1 + ε under a quotient.
 * @param x [N, I] @returns [N]
 */
export function nearlyOf(
  operation: OperationName,
  x: Float32Array,
  inputs: number,
  epsilon = EPSILON,
): Float64Array {
  return truthOf(operation, x, inputs).map((y, n) => {
    const sizes = x.subarray(n * inputs, (n + 1) * inputs).map(Math.abs);
    if (operation === 'add' || operation === 'subtract') {
      return y - epsilon * sizes.reduce((sum, size) => sum + size, 0);
    }
    const others = sizes.subarray(2).reduce((product, size) => product * (1 - epsilon * size), 1);
    const own = operation === 'multiply' ? (1 - epsilon) ** 2 : (1 - epsilon) / (1 + epsilon);
    return y * own * others;
  });
}
