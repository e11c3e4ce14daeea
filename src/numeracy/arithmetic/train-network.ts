import type { BatchedModel } from '../../../agent/model-batch.ts';
import { spreadOf } from '../../../agent/second-order/branches.ts';
import * as tf from '../../../agent/tf.ts';
import { adamTraining } from '../adam-training.ts';
import { DrawnNumbers } from '../drawn-numbers.ts';
import type { TaskTraining } from '../task.ts';
import { type ArithmeticNetwork, type NetworkName, networkOf } from './networks.ts';
import {
  drawInputs,
  FORMS,
  type FormName,
  nearlyRight,
  type Operation,
  slicesOf,
  TRAINING_RANGE,
  truthOf,
} from './problem.ts';

export interface NetworkTraining {
  readonly network: NetworkName;
  readonly operation: Operation;
  readonly form: FormName;
  readonly seeds: readonly number[];
  readonly iterations: number;
  readonly batch: number;
  readonly learningRate: number;
  /** The learning rate at the end, as a share of the full one. */
  readonly lastRate?: number;
}

/** Share of the training with the full learning rate; it falls step by step in the rest. */
const FULL_UNTIL = 0.7;
const LAST_RATE = 1e-3;
/** Steps over which the learning rate rises at the start. */
const WARM_UP = 100;

const rateAt = (i: number, steps: number, full: number, last: number): number =>
  full *
  Math.min(1, (i + 1) / WARM_UP) *
  last ** Math.max(0, (i / steps - FULL_UNTIL) / (1 - FULL_UNTIL));

/** Numbers that training samples are windows of: as many different windows, and none the same as its neighbour's. */
const POOL = 2 ** 20;
/** Samples that say how far the truth is spread, and what near means. */
const PROBES = 1000;

/** Trains copies of a network with Adam, and counts the steps until each has an error below the limit of success and stays there. */
export async function trainNetwork(settings: NetworkTraining): Promise<TaskTraining> {
  const { operation, seeds, iterations, batch, learningRate, lastRate = LAST_RATE } = settings;
  const form = FORMS[settings.form];
  const numbers = form.steps * form.inputs;
  const pool = drawInputs(
    'arithmetic/train',
    POOL / numbers + batch,
    form,
    form.steps,
    TRAINING_RANGE,
  );
  const copies = seeds.map((seed) => {
    const slices = slicesOf(form, seed);
    const probes = drawInputs(`arithmetic/probe/${seed}`, PROBES, form, form.steps, TRAINING_RANGE);
    const truth = truthOf(operation, form, slices, probes, form.steps);
    const scale = 1 / spreadOf(truth) ** 2;
    const nearly = nearlyRight(operation, form, slices, probes, form.steps);
    const limit = truth.reduce((sum, y, n) => sum + scale * (y - nearly[n]!) ** 2, 0) / PROBES;
    return { seed, slices, scale, limit };
  });
  const x = new Float32Array(seeds.length * batch * numbers);
  const y = new Float32Array(seeds.length * batch);
  const scale = Float32Array.from(copies, (copy) => copy.scale);
  const training = await adamTraining({
    model: learner(networkOf(settings.network, settings.form), settings),
    seeds,
    steps: iterations,
    learningRate: (i) => rateAt(i, iterations, learningRate, lastRate),
    feeds(i) {
      for (const [m, { seed, slices }] of copies.entries()) {
        const from = new DrawnNumbers(`arithmetic/${seed}/${i}`).integer(0, POOL - 1);
        const own = pool.subarray(from, from + batch * numbers);
        x.set(own, m * batch * numbers);
        y.set(truthOf(operation, form, slices, own, form.steps), m * batch);
      }
      return { x, y, scale };
    },
  });
  return countingSteps(
    training,
    copies.map(({ limit }) => limit),
  );
}

/** Adds to a training, for each copy, the steps after which its loss was never above its limit again. */
function countingSteps(training: TaskTraining, limits: readonly number[]): TaskTraining {
  let solvedAt = new Float32Array(limits.length);
  return {
    ...training,
    async step(i) {
      const losses = await training.step(i);
      for (const [m, limit] of limits.entries()) if (!(losses![m]! < limit)) solvedAt[m] = i + 1;
      return losses;
    },
    save: () => ({ ...training.save(), solvedAt: solvedAt.slice() }),
    restore({ solvedAt: saved, ...rest }) {
      solvedAt = saved!.slice();
      training.restore(rest);
    },
  };
}

/** The network with a loss: the mean square error in units of the truth's variance. */
function learner(
  network: ArithmeticNetwork,
  { form: name, seeds, batch, operation }: NetworkTraining,
): BatchedModel {
  const form = FORMS[name];
  const M = seeds.length;
  const { inputs, steps } = form;
  return {
    name: `arithmetic, ${operation}`,
    parameters: network.parameters,
    inputs: {
      x: { shape: [M, batch, steps * inputs], dtype: 'float32' },
      y: { shape: [M, batch, 1], dtype: 'float32' },
      scale: { shape: [M], dtype: 'float32' },
    },
    loss(parameters, { x, y, scale }) {
      const parts = steps === 1 ? [x!] : tf.split(x!, steps, -1);
      let h: tf.Tensor = tf.zeros([M, batch, network.state]);
      for (const part of parts) {
        h = network.advance(parameters, network.state ? tf.concat([part, h], -1) : part);
      }
      const square = tf.mean(tf.square(tf.sub(network.answer(parameters, h), y!)), [1, 2]);
      return tf.mul(square, scale!) as tf.Tensor1D;
    },
  };
}
