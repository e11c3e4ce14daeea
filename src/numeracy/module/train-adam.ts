import { adamTraining } from '../adam-training.ts';
import type { TaskTraining, Tensors32 } from '../task.ts';
import { cellBatch } from './cell-batch.ts';
import type { Model } from './models.ts';
import { drawShares } from './numbers.ts';
import { problemsOf } from './problems.ts';
import { SolvedSince } from './solved-since.ts';

export interface ModuleSettings {
  readonly inputs: number;
  readonly seeds: readonly number[];
  readonly iterations: number;
  readonly batch: number;
}

/** The pull to whole weights grows from nothing between these shares of the training, as its authors have it. */
const PULL_FROM = 0.4;
const PULL_TO = 0.7;
/** From this share on the learning rate falls evenly by decades, as a constant one keeps weights from settling. */
const COOL_FROM = 0.5;
const COOL_TO = 1e-4;

const between = (low: number, high: number, value: number): number =>
  Math.min(1, Math.max(0, (value - low) / (high - low)));

/** A training with Adam; what it saves has `lastUnsolved`, [M], too. */
export async function trainByAdam(
  { cell, adam }: Model,
  { inputs, seeds, iterations, batch }: ModuleSettings,
): Promise<TaskTraining> {
  const problems = problemsOf(seeds);
  const shares = new Float32Array(seeds.length * batch * inputs);
  const solved = new SolvedSince(problems, inputs);
  const training = await adamTraining({
    model: cellBatch(cell, inputs, seeds.length, batch),
    seeds: problems.map(({ seed }) => seed),
    steps: iterations,
    learningRate: (i) => adam!.learningRate * COOL_TO ** between(COOL_FROM, 1, i / iterations),
    feeds(i) {
      const size = batch * inputs;
      for (const [s, seed] of seeds.entries()) {
        drawShares(seed, i, shares.subarray(s * size, (s + 1) * size));
      }
      const pull = adam!.pull * between(PULL_FROM, PULL_TO, i / iterations);
      return { shares, pull: Float32Array.of(pull) };
    },
  });
  return {
    ...training,
    async step(i) {
      const errors = (await training.step(i))!;
      solved.note(i, errors);
      return errors;
    },
    save: (): Tensors32 => ({ ...training.save(), lastUnsolved: solved.lastUnsolved }),
    restore({ lastUnsolved, ...rest }) {
      solved.lastUnsolved = lastUnsolved!.slice();
      training.restore(rest);
    },
  };
}
