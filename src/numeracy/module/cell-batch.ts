import type { Cell } from '../../../agent/cells/cell.ts';
import type { BatchedModel } from '../../../agent/model-batch.ts';
import * as tf from '../../../agent/tf.ts';
import { NAME } from './models.ts';
import { NOT_ZERO } from './numbers.ts';
import { type OperationName, operationNames, RANGES } from './problems.ts';

/** What is shown, with the gradient of the loss. */
const shownFor = tf.customGrad((_loss, shown) => ({
  value: tf.mul(shown as tf.Tensor, 1),
  gradFunc: (dy: tf.Tensor) => [dy, tf.zerosLike(dy)],
}));

/** A relative square error from which on the loss is flat. */
const SMALL = 1e-6;

const TRUTHS: Record<OperationName, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  add: tf.add,
  subtract: tf.sub,
  multiply: tf.mul,
  divide: tf.div,
};

/**
 * Copies of one cell, one for each of `problemsOf(seeds)`. Copies of a seed start from the same parameters and read the same random
 * numbers, scaled to their range; they differ in the truth alone. The loss is the logarithm of the relative square error, and what is
 * shown is the mean square error.
 * @param S seeds @param B samples of a step @param inputs I
 */
export function cellBatch(cell: Cell, inputs: number, S: number, B: number): BatchedModel {
  const R = RANGES.length;
  const ends = (of: (train: readonly [number, number]) => number) =>
    tf.tensor(
      RANGES.map(({ train }) => of(train)),
      [R, 1, 1, 1],
    );
  return {
    name: `module ${cell.id}, ${inputs} inputs`,
    parameters: cell.parameters(NAME, inputs, 1),
    inputs: {
      shares: { shape: [S, B, inputs], dtype: 'float32' },
      pull: { shape: [], dtype: 'float32' },
    },
    loss(parameters, { shares, pull }) {
      const low = ends(([from]) => from);
      const width = ends(([from, to]) => to - from);
      const scaled = tf.add(low, tf.mul(width, tf.expandDims(shares!, 0)));
      const isZero = tf.cast(tf.equal(scaled, 0), 'float32');
      const own = tf.reshape(tf.add(scaled, tf.mul(isZero, NOT_ZERO)), [R * S, B, inputs]);
      const [a, b] = [0, 1].map((at) => tf.slice(own, [0, 0, at], [R * S, B, 1]));
      const truth = tf.concat(
        operationNames.map((name) => TRUTHS[name](a!, b!)),
        0,
      );
      const x = tf.concat(
        operationNames.map(() => own),
        0,
      );
      const error = tf.mean(tf.square(tf.sub(cell.apply(parameters, NAME, x), truth)), [1, 2]);
      const distance = tf.reshape(cell.distanceFromWhole(parameters, NAME), [-1]);
      // The first gradients of a product's square error are so large that Adam takes thousands of steps to forget them: in trials an
      // NMRU with ten inputs found 5 of 36 products and quotients with the square error itself, and 13 of 18 with its logarithm.
      const relative = tf.div(error, tf.mean(tf.square(truth), [1, 2]));
      const loss = tf.add(tf.log(tf.add(relative, SMALL)), tf.mul(pull!, distance));
      return shownFor(loss, error) as tf.Tensor1D;
    },
  };
}
