import { inalu } from '../../../agent/cells/inalu.ts';
import { accumulatorWeights } from '../../../agent/cells/nac.ts';
import { batchLayout, copyViews, firstOfCopies } from '../../../agent/model-batch.ts';
import { meanSquare } from '../success.ts';
import type { TaskTraining, Tensors32 } from '../task.ts';
import { leastSquaresStep } from './least-squares.ts';
import { NAME } from './models.ts';
import { drawShares, numbersAt } from './numbers.ts';
import { problemsOf, RANGES, truthOf } from './problems.ts';
import { SolvedSince } from './solved-since.ts';

/** Samples that a step is fitted to, and as many that are kept back for the gate. */
const fittedTo = (inputs: number): number => Math.max(64, 4 * inputs);
/** The first step finds the weights wherever its numbers allow it; the second, from other numbers, shows that they stay. */
const STEPS = 2;

type Parameters32 = Readonly<Record<string, Float32Array>>;

/**
 * Trains an improved neural arithmetic logic unit by second-order steps: the weights of its sum in x and y, those of its product in
 * log|x| and log|y|, each of which is linear. Both are rounded, and the gate takes the branch with the smaller error on numbers of the
 * training range that neither was fitted to. Nothing else tells it the operation.
 */
export function trainBySecondOrder({
  inputs,
  seeds,
}: {
  readonly inputs: number;
  readonly seeds: readonly number[];
}): TaskTraining {
  const problems = problemsOf(seeds);
  const M = problems.length;
  const specs = inalu.parameters(NAME, inputs, 1);
  const layout = batchLayout(specs, M);
  let parameters = firstOfCopies(
    specs,
    problems.map(({ seed }) => seed),
  );
  let count = 0;
  const solved = new SolvedSince(problems, inputs);
  return {
    steps: STEPS,
    async step(i) {
      const numbers = numbersOfStep(seeds, inputs, i);
      const errors = Float32Array.from(problems, ({ operation, range, seed }, m) => {
        const x = numbers.get(seed)![range]!;
        const own = copyViews(layout, M, parameters, m);
        return stepOf(own, x, truthOf(operation, x, inputs), inputs);
      });
      if (i === 0) solved.lastUnsolved.fill(1);
      solved.note(i + 1, errors);
      count = i + 1;
      return errors;
    },
    save: (): Tensors32 => ({
      parameters,
      count: Float32Array.of(count),
      lastUnsolved: solved.lastUnsolved,
    }),
    restore(saved) {
      parameters = saved.parameters!.slice();
      count = saved.count![0]!;
      solved.lastUnsolved = saved.lastUnsolved!.slice();
    },
    dispose: async () => {},
  };
}

/** For each seed, the inputs of a step on each range, [2N, I]. */
function numbersOfStep(seeds: readonly number[], inputs: number, i: number) {
  const shares = new Float32Array(2 * fittedTo(inputs) * inputs);
  return new Map(
    seeds.map((seed) => {
      drawShares(seed, i, shares);
      return [seed, RANGES.map((_, range) => numbersAt(range, shares))] as const;
    }),
  );
}

/**
 * Makes one step of one copy, in place.
 * @param x [2N, I], the second half kept back @param y [2N]
 * @returns the mean square error after the step, on the numbers kept back
 */
function stepOf(parameters: Parameters32, x: Float32Array, y: Float64Array, inputs: number) {
  const N = y.length / 2;
  const [fitted, kept] = [0, 1].map((half) => ({
    x: Float64Array.from(x.subarray(half * N * inputs, (half + 1) * N * inputs)),
    y: y.subarray(half * N, (half + 1) * N),
  })) as [Samples64, Samples64];
  const logs: Samples64 = { x: fitted.x.map(logOfSize), y: fitted.y.map(logOfSize) };
  const sums = wholeStep(parameters, 'add', fitted);
  const powers = wholeStep(parameters, 'multiply', logs);
  const errors = {
    sum: meanSquare(
      answersOf(kept, (value, n) => value + sums[n % inputs]! * kept.x[n]!, 0),
      kept.y,
    ),
    product: meanSquare(
      answersOf(kept, (value, n) => value * kept.x[n]! ** powers[n % inputs]!, 1),
      kept.y,
    ),
  };
  parameters[`${NAME}/gate`]!.fill(errors.sum <= errors.product ? 1 : -1);
  inalu.round(parameters, NAME, inputs);
  return Math.min(errors.sum, errors.product);
}

interface Samples64 {
  /** [N, I] row by row */
  readonly x: Float64Array;
  /** [N] */
  readonly y: Float64Array;
}

const logOfSize = (value: number): number => Math.log(Math.abs(value));

/** Takes a matrix one step on, and rounds its weights within −1…1. @returns them, [I] */
function wholeStep(
  parameters: Parameters32,
  part: 'add' | 'multiply',
  { x, y }: Samples64,
): Float64Array {
  const name = `${NAME}/${part}`;
  const before = Float64Array.from(accumulatorWeights(parameters, name));
  const next = leastSquaresStep(x, y, before) ?? before;
  const whole = next.map((weight) => Math.max(-1, Math.min(1, Math.round(weight))));
  parameters[`${name}/w_hat`]!.set(whole.map((weight) => weight * SATURATED));
  parameters[`${name}/m_hat`]!.fill(SATURATED);
  return whole;
}

/** So large that W = tanh(Ŵ) σ(M̂) is −1, 0 or 1 to float32's last bit. */
const SATURATED = 30;

/** Folds each row into one number. @param of the value so far, and the place of the next input */
function answersOf(
  { x, y }: Samples64,
  of: (value: number, place: number) => number,
  first: number,
): Float64Array {
  const inputs = x.length / y.length;
  return y.map((_, n) => {
    let value = first;
    for (let i = n * inputs; i < (n + 1) * inputs; i += 1) value = of(value, i);
    return value;
  });
}
