import { makeBlueprint } from '../../agent/blueprint.ts';
import type { Engine } from '../../agent/engines/engine.ts';
import { Optimizer, optimizerVectors } from '../../agent/optimizer.ts';
import { initialise } from '../../agent/parameters.ts';
import { programsFor } from '../../agent/programs.ts';
import { inspectWorld } from '../../env/index.ts';
import type { TrainSettings } from '../run/train-settings.ts';
import type { Shard } from '../train/shard.ts';
import { startShard } from '../train/start-shard.ts';

/** What an update does, in this order. */
export const PHASES = ['acting', 'learning', 'optimising'] as const;
export type Phase = (typeof PHASES)[number];

/** A training in this thread. */
export interface TrainingAtWork {
  readonly shard: Shard;
  readonly phases: Readonly<Record<Phase, () => Promise<unknown>>>;
}

export async function update({ phases }: TrainingAtWork): Promise<void> {
  for (const phase of PHASES) await phases[phase]();
}

/**
 * Starts a training with untrained parameters in this thread alone.
 * @param engine what loads its programs, in place of the settings' own engine
 * @throws EngineUnavailable
 */
export async function startTraining(
  { config, env, engine: name }: TrainSettings,
  engine?: Engine,
): Promise<TrainingAtWork> {
  const recipe = { config, world: inspectWorld(env.id, env.options).shape };
  const { network } = programsFor(recipe);
  const vectors = optimizerVectors(config, network.layout.size, 1);
  const { parameters, gradients } = vectors;
  initialise(network.parameters, 1, parameters);
  const blueprint = await makeBlueprint(recipe, name, { B: config.worlds });
  const seeds = Array.from({ length: config.worlds }, (_, i) => `benchmark:world:${i}`);
  const shard = await startShard(
    { blueprint, env, seeds, actionSeed: 'benchmark:actions', parameters, gradient: gradients[0]! },
    engine,
  );
  const optimizer = Optimizer.inThisThread(config, vectors);
  return {
    shard,
    phases: {
      acting: () => shard.act(),
      learning: () => shard.learn(),
      optimising: () => optimizer.step(config.learningRate),
    },
  };
}
