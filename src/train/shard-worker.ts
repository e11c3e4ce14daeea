import type { LossWeights } from '../../agent/learner.ts';
import { OptimizerSlice, type OptimizerVectors, type Slice } from '../../agent/optimizer-slice.ts';
import type { OptimizerStep } from '../../agent/optimizers.ts';
import { serveWorker } from '../common/serve-worker.ts';
import type { Shard, ShardPlan, ShardState } from './shard.ts';
import { startShard } from './start-shard.ts';

/** What one thread does in a training: act and learn in its worlds, and step its slice of all parameters. */
export interface ShardTask {
  readonly plan: ShardPlan;
  /** In shared memory. */
  readonly vectors: OptimizerVectors;
  readonly slice: Slice;
}

let shard: Shard | undefined;
let optimizerSlice: OptimizerSlice | undefined;

const handlers = {
  async create({ plan, vectors, slice }: ShardTask) {
    optimizerSlice = new OptimizerSlice(plan.blueprint.recipe.config, vectors, slice);
    shard = await startShard(plan);
  },
  advance: (weights: LossWeights) => shard!.advance(weights),
  sumGradients: () => optimizerSlice!.sumGradients(),
  step: (step: OptimizerStep) => optimizerSlice!.step(step),
  state: () => shard!.state(),
  restore: (state: ShardState) => shard!.restore(state),
};

export type ShardHandlers = typeof handlers;

serveWorker(handlers, () => shard?.close());
