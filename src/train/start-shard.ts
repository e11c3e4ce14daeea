import type { Engine } from '../../agent/engines/engine.ts';
import { requirePathway } from '../plugins/pathways.ts';
import { requireWorld } from '../plugins/worlds.ts';
import { startWorkers } from './env-workers/start-workers.ts';
import { Shard, type ShardPlan } from './shard.ts';

/**
 * Makes a shard in this thread, which may not know its world and its pathway yet, and the threads that step its worlds.
 * @param engine as `Shard.create` takes it
 */
export async function startShard(plan: ShardPlan, engine?: Engine): Promise<Shard> {
  const { blueprint, env, share, envWorkers } = plan;
  await requireWorld(env);
  await requirePathway(blueprint);
  const worlds = envWorkers ? await startWorkers(env, blueprint.B, envWorkers, share) : undefined;
  return Shard.create(plan, worlds, engine);
}
