import { serveWorker } from '../common/serve-worker.ts';
import { Shard, type ShardPlan, type ShardState } from './shard.ts';

let shard: Shard | undefined;

const handlers = {
  async create(plan: ShardPlan) {
    shard = await Shard.create(plan);
  },
  advance: (pull: number) => shard!.advance(pull),
  state: () => shard!.state(),
  restore: (state: ShardState) => shard!.restore(state),
};

export type ShardHandlers = typeof handlers;

serveWorker(handlers, () => shard?.close());
