import * as z from 'zod';
import { answerProgram, type BatchedModel } from '../../../agent/model-batch.ts';
import * as tf from '../../../agent/tf.ts';
import { adamTraining } from '../adam-training.ts';
import { answersOf } from '../answers.ts';
import { DrawnNumbers } from '../drawn-numbers.ts';
import type { Task } from '../task.ts';
import { namesSetting, seedsSetting } from '../task-settings.ts';
import { activations } from './activations.ts';
import { autoencoder } from './autoencoder.ts';
import { reportIdentity } from './report.ts';
import { type IdentityResult, identityResult, scoreCopy, testedNumbers } from './score.ts';

const nets = [...activations.map(({ id }) => id), 'nac'];

const schema = z.strictObject({
  nets: namesSetting(nets, 'activations of the nets, and nac for a net of accumulators'),
  seeds: seedsSetting(100),
  iterations: z.int().min(1).max(1_000_000).default(10_000).describe('training steps'),
  batch: z.int().min(1).max(4096).default(64).describe('numbers in each step'),
  learningRate: z.number().gt(0).max(1).default(0.01).describe('learning rate of Adam'),
  range: z.number().gt(0).max(1e3).default(5).describe('training numbers are from −range to range'),
});

type Settings = z.infer<typeof schema>;
type RunSettings = Omit<Settings, 'nets'> & { readonly net: string };

function modelOf({ net, seeds, batch }: RunSettings): BatchedModel {
  const { parameters, apply, penalty } = autoencoder(net);
  return {
    name: `identity, ${net}`,
    parameters,
    inputs: { x: { shape: [seeds.length, batch, 1], dtype: 'float32' } },
    loss(parameters, { x }) {
      const error = tf.mean(tf.square(tf.sub(apply(parameters, x!), x!)), [1, 2]);
      return (penalty ? tf.add(error, penalty(parameters)) : error) as tf.Tensor1D;
    },
  };
}

/** Autoencoders of one number that cannot leave the range of their training, whatever their activation. */
export const identity: Task<Settings, RunSettings, IdentityResult> = {
  id: 'identity',
  title: 'Reproduce a number',
  summary: 'Can a net that learned to reproduce the numbers of one range reproduce others?',
  source: 'Trask et al. 2018, section 2 and figure 1',
  schema,
  quick: { seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], iterations: 4000 },
  result: identityResult,
  runs: async ({ nets: chosen, ...settings }) =>
    nets
      .filter((net) => chosen.includes(net))
      .map((net) => ({ name: net, settings: { ...settings, net } })),
  train({ settings }) {
    const { seeds, batch, range, iterations, net, learningRate } = settings;
    const { round } = autoencoder(net);
    const x = new Float32Array(seeds.length * batch);
    return adamTraining({
      model: modelOf(settings),
      seeds,
      steps: iterations,
      learningRate: () => learningRate,
      feeds(i) {
        for (const [m, seed] of seeds.entries()) {
          const own = x.subarray(m * batch, (m + 1) * batch);
          new DrawnNumbers(`identity/train/${seed}/${i}`).fill(own, -range, range);
        }
        return { x };
      },
      ...(round && { round }),
    });
  },
  async evaluate({ settings }, { parameters }) {
    const { net, seeds, range } = settings;
    const { parameters: specs, apply } = autoencoder(net);
    const tested = testedNumbers(range);
    const program = answerProgram(`identity, ${net}`, specs, seeds.length, 1, apply);
    const inputs = seeds.map(() => tested);
    const answers = await answersOf(program, parameters!, inputs, 1);
    return scoreCopies(seeds, answers, tested, range);
  },
  report: reportIdentity,
};

function scoreCopies(
  seeds: readonly number[],
  answers: readonly Float32Array[],
  tested: Float32Array,
  range: number,
): IdentityResult {
  const scores = answers.map((y) => scoreCopy(tested, y, range));
  const whole = scores.filter((score) => score !== null);
  const errorAt = (i: number): number | null =>
    whole.length > 0
      ? Number(
          (whole.reduce((sum, { errors }) => sum + errors[i]!, 0) / whole.length).toPrecision(5),
        )
      : null;
  return {
    copies: seeds.map((seed, m) => {
      const score = scores[m] ?? null;
      return {
        ...{ seed, diverged: score === null },
        inside: score?.inside ?? null,
        outside: score?.outside ?? null,
        far: score?.far ?? null,
      };
    }),
    curve: Array.from({ length: tested.length - 2 }, (_, i) => ({
      x: tested[i]!,
      error: errorAt(i),
    })),
  };
}
