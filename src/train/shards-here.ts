import type { LossWeights } from '../../agent/learner.ts';
import { cut, OptimizerSlice } from '../../agent/optimizer-slice.ts';
import type { OptimizerStep } from '../../agent/optimizers.ts';
import { Shard, type ShardReport, type ShardState } from './shard.ts';
import type { Shards, StartShards } from './trainer.ts';

/** Shards that work in this thread, one after the other, to the same bits as in threads of their own. */
class ShardsHere implements Shards {
  readonly #shards: readonly Shard[];
  readonly #slices: readonly OptimizerSlice[];

  constructor(shards: readonly Shard[], slices: readonly OptimizerSlice[]) {
    this.#shards = shards;
    this.#slices = slices;
  }

  async advance(weights: LossWeights): Promise<ShardReport[]> {
    const reports: ShardReport[] = [];
    for (const shard of this.#shards) reports.push(await shard.advance(weights));
    return reports;
  }

  sumGradients = async (): Promise<number[]> => this.#slices.map((slice) => slice.sumGradients());

  async step(step: OptimizerStep): Promise<void> {
    for (const slice of this.#slices) slice.step(step);
  }

  state = (): Promise<ShardState[]> => Promise.all(this.#shards.map((shard) => shard.state()));

  async restore(states: readonly ShardState[]): Promise<void> {
    for (const [i, shard] of this.#shards.entries()) await shard.restore(states[i]!);
  }

  async close(): Promise<void> {
    for (const shard of this.#shards) await shard.close();
  }
}

/** In this very thread, which must know the world and the pathway. */
export const startShardsHere: StartShards = async (plans, vectors) => {
  const slices = cut(vectors.parameters.length, plans.length);
  const shards: Shard[] = [];
  for (const plan of plans) shards.push(await Shard.create(plan));
  const { config } = plans[0]!.blueprint.recipe;
  return new ShardsHere(
    shards,
    slices.map((slice) => new OptimizerSlice(config, vectors, slice)),
  );
};
