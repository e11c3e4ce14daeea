import '../../agent/engines/telemetry.ts';
import type { LossWeights } from '../../agent/learner.ts';
import { cut, type OptimizerVectors } from '../../agent/optimizer-slice.ts';
import type { OptimizerStep } from '../../agent/optimizers.ts';
import { allSettled, WorkerClient } from '../common/worker-client.ts';
import type { TrainSettings } from '../run/train-settings.ts';
import type { ShardPlan, ShardReport, ShardState } from './shard.ts';
import type { ShardHandlers } from './shard-worker.ts';
import { type Shards, Trainer, type TrainResources } from './trainer.ts';

/**
 * Every run of ONNX Runtime leaves garbage outside the heap, by which V8 judges when to collect everything. Collecting the young
 * generation often is cheaper: it takes that garbage too.
 */
export const YOUNG_GENERATION_MB = 3;

/** One worker thread for each shard; they work at the same time and answer in order. */
class ShardPool implements Shards {
  readonly #threads: readonly WorkerClient<ShardHandlers>[];

  private constructor(plans: readonly ShardPlan[]) {
    const file = new URL('./shard-worker.js', import.meta.url);
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
    this.#threads = plans.map(
      ({ env }) => new WorkerClient(file, { name: env.id, resourceLimits }),
    );
  }

  /** @param vectors in shared memory; each thread steps a slice of the parameters */
  static async start(plans: readonly ShardPlan[], vectors: OptimizerVectors): Promise<ShardPool> {
    const pool = new ShardPool(plans);
    const slices = cut(vectors.parameters.length, plans.length);
    try {
      await allSettled(
        pool.#threads.map((thread, shard) =>
          thread.ask('create', { plan: plans[shard]!, vectors, slice: slices[shard]! }),
        ),
      );
    } catch (error) {
      await pool.close();
      throw error;
    }
    return pool;
  }

  advance(weights: LossWeights): Promise<ShardReport[]> {
    return allSettled(this.#threads.map((thread) => thread.ask('advance', weights)));
  }

  sumGradients(): Promise<number[]> {
    return allSettled(this.#threads.map((thread) => thread.ask('sumGradients')));
  }

  async step(step: OptimizerStep): Promise<void> {
    await allSettled(this.#threads.map((thread) => thread.ask('step', step)));
  }

  state(): Promise<ShardState[]> {
    return allSettled(this.#threads.map((thread) => thread.ask('state')));
  }

  async restore(states: readonly ShardState[]): Promise<void> {
    await allSettled(this.#threads.map((thread, shard) => thread.ask('restore', states[shard]!)));
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

/** A trainer with a thread for each shard. @throws as `Trainer.create` does */
export const createTrainer = (
  settings: TrainSettings,
  resources?: TrainResources,
): Promise<Trainer> => Trainer.create(settings, ShardPool.start, resources);
