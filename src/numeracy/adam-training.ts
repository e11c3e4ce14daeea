import type { EngineName, Feeds } from '../../agent/engines/engine.ts';
import { type BatchedModel, ModelBatch } from '../../agent/model-batch.ts';
import type { TaskTraining, Tensors32 } from './task.ts';

export interface AdamTraining {
  readonly model: BatchedModel;
  /** One for each copy: it decides the copy's first parameters. */
  readonly seeds: readonly number[];
  readonly steps: number;
  /** Of step `i`. */
  learningRate(i: number): number;
  /** What step `i` reads; a copy's share may depend on its seed and `i` alone. */
  feeds(i: number): Feeds;
  /** Changes the parameters of each copy once, in place: makes weights whole, for example. */
  round?(parameters: Readonly<Record<string, Float32Array>>): void;
  /** The step after which; the last by default. */
  readonly roundAfter?: number;
  readonly engine?: EngineName;
}

/** A training with Adam of all copies as one graph; what it saves has the batch's `parameters` under that name. */
export async function adamTraining(training: AdamTraining): Promise<TaskTraining> {
  const { model, seeds, steps, learningRate, feeds, engine } = training;
  const { round, roundAfter = steps - 1 } = training;
  const batch = await ModelBatch.create(model, seeds, engine);
  return {
    steps,
    async step(i) {
      const losses = await batch.step(feeds(i), learningRate(i));
      if (round && i === roundAfter) {
        for (const m of seeds.keys()) {
          const copy = batch.copy(m);
          round(copy);
          batch.setCopy(m, copy);
        }
      }
      return losses;
    },
    save(): Tensors32 {
      const { count, parameters, slots } = batch.state;
      return { parameters, ...slots, count: Float32Array.of(count) };
    },
    restore({ parameters, count, ...slots }) {
      batch.restore({ parameters: parameters!, count: count![0]!, slots });
    },
    dispose: () => batch.dispose(),
  };
}
