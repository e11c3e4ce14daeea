import { constant, type Initializer, uniform } from '../../../agent/initializers.ts';
import type { BatchedModel } from '../../../agent/model-batch.ts';
import type { ParameterSpec } from '../../../agent/parameters.ts';
import * as tf from '../../../agent/tf.ts';
import { PIXELS, SIDE } from './images.ts';
import { recurrentCell } from './recurrent-cells.ts';

/** What a model is asked, and the numbers in its answer: how many there are of each digit, or what all add up to. */
export const QUESTIONS = { count: 10, sum: 1 } as const;
export type Question = keyof typeof QUESTIONS;

/** What a model is. */
export interface ModelChoice {
  readonly question: Question;
  /** The id of a recurrent cell. */
  readonly cell: string;
}

type Parameters = Readonly<Record<string, tf.Tensor>>;

/** Numbers from 0 to 1 that a picture is to a cell: enough of them to add up to nine. */
export const ENCODING = 10;
const [FIRST, SECOND, HIDDEN] = [8, 16, 48];
/** Places of the second convolution: 28 pixels, 5 × 5 filters at every second place, twice. */
const PLACES = 4 * 4;

/** Uniform, so that half of what comes in goes out of a ReLU as large as it came (He et al. 2015). */
const scaled =
  (inputs: number, gain = 2): Initializer =>
  (shape, draw) => {
    const limit = Math.sqrt((3 * gain) / inputs);
    return uniform(-limit, limit)(shape, draw);
  };

const bias = (name: string, shape: readonly number[]): ParameterSpec => ({
  ...{ name: `${name}/bias`, shape, initial: constant(0) },
});

const CONVOLUTIONS: readonly ParameterSpec[] = [
  { name: 'first/filter', shape: [5, 5, 1, FIRST], initial: scaled(25) },
  bias('first', [FIRST]),
  { name: 'second/filter', shape: [5, 5, FIRST, SECOND], initial: scaled(25 * FIRST) },
  bias('second', [SECOND]),
];
const ENCODER: readonly ParameterSpec[] = [
  ...CONVOLUTIONS,
  { name: 'third/kernel', shape: [PLACES * SECOND, HIDDEN], initial: scaled(PLACES * SECOND) },
  bias('third', [1, HIDDEN]),
  { name: 'fourth/kernel', shape: [HIDDEN, ENCODING], initial: scaled(HIDDEN, 1) },
  bias('fourth', [1, ENCODING]),
];

export const parametersOf = ({ cell, question }: ModelChoice): ParameterSpec[] => [
  ...ENCODER,
  ...recurrentCell(cell).parameters(ENCODING, QUESTIONS[question]),
];

/** TensorFlow.js has no gradient of a split into one. */
const splitCopies = (tensor: tf.Tensor, M: number): tf.Tensor[] =>
  M === 1 ? [tensor] : tf.split(tensor, M, 0);

/**
 * What a picture is to the cell: two convolutions and two layers.
 * @param images [M, N, 784], 0 to 255
 * @returns [M, N, 10], each number from 0 to 1
 */
export function encode(parameters: Parameters, images: tf.Tensor): tf.Tensor {
  const M = images.shape[0]!;
  const own = Object.fromEntries(
    CONVOLUTIONS.map(({ name, shape }) => [
      name,
      splitCopies(parameters[name]!, M).map((one) => tf.reshape(one, [...shape])),
    ]),
  );
  // No convolution has filters for each part of a batch, so the copies take turns.
  const seen = splitCopies(tf.mul(images, 1 / 255), M).map((pictures, m) => {
    const convolve = (x: tf.Tensor, layer: string): tf.Tensor => {
      const filter = own[`${layer}/filter`]![m] as tf.Tensor4D;
      return tf.relu(
        tf.add(tf.conv2d(x as tf.Tensor4D, filter, 2, 'valid'), own[`${layer}/bias`]![m]!),
      );
    };
    const x = tf.reshape(pictures, [-1, SIDE, SIDE, 1]);
    return tf.reshape(convolve(convolve(x, 'first'), 'second'), [1, -1, PLACES * SECOND]);
  });
  const layer = (x: tf.Tensor, name: string): tf.Tensor =>
    tf.add(tf.matMul(x, parameters[`${name}/kernel`]!), parameters[`${name}/bias`]!);
  const hidden = tf.relu(layer(M === 1 ? seen[0]! : tf.concat(seen, 0), 'third'));
  return tf.sigmoid(layer(hidden, 'fourth'));
}

/** How the sequences of a step of training lie: all end together, so the longest begin first. */
export interface Batch {
  /** Of each sequence, descending. */
  readonly lengths: readonly number[];
  /** How many sequences have a picture at each time, ascending. */
  readonly running: readonly number[];
  /** Pictures of all sequences. */
  readonly pictures: number;
}

/** @param lengths of the sequences */
export function batchOf(lengths: readonly number[]): Batch {
  const descending = [...lengths].sort((a, b) => b - a);
  const longest = descending[0]!;
  const running = Array.from(
    { length: longest },
    (_, t) => descending.filter((length) => length >= longest - t).length,
  );
  return { lengths: descending, running, pictures: running.reduce((a, b) => a + b, 0) };
}

/**
 * M models that learn from the final answers of sequences alone. Pictures come in the order of time, and at each time in that of the
 * sequences. The loss is the squared error, divided by the length of the sequence: the errors of its pictures add up.
 */
export function digitModel({ cell, question }: ModelChoice, batch: Batch, M: number): BatchedModel {
  const outputs = QUESTIONS[question];
  const { step, answer, width } = recurrentCell(cell);
  const B = batch.lengths.length;
  return {
    name: `${question}, ${cell}`,
    parameters: parametersOf({ cell, question }),
    inputs: {
      images: { shape: [M, batch.pictures, PIXELS], dtype: 'uint8' },
      truth: { shape: [M, B, outputs], dtype: 'float32' },
    },
    loss(parameters, { images, truth }) {
      const encoded = encode(parameters, tf.cast(images!, 'float32'));
      const { running, lengths } = batch;
      const times = running.length === 1 ? [encoded] : tf.split(encoded, [...running], 1);
      let state: tf.Tensor | undefined;
      for (const [t, x] of times.entries()) {
        const begun = running[t]! - (running[t - 1] ?? 0);
        const fresh = tf.zeros([M, begun, width(outputs)]);
        if (!state) state = fresh;
        else if (begun > 0) state = tf.concat([state, fresh], 1);
        state = step(parameters, x, state);
      }
      const errors = tf.square(tf.sub(answer(parameters, state!), truth!));
      return tf.mean(tf.div(errors, tf.tensor([...lengths], [1, B, 1])), [1, 2]) as tf.Tensor1D;
    },
  };
}
