import { expect, vi } from 'vitest';
import type { ActorStep } from '../../agent/actor.ts';
import { makeBlueprint } from '../../agent/blueprint.ts';
import type { LearningSignals } from '../../agent/learner.ts';
import { initialise, views } from '../../agent/parameters.ts';
import { programsFor } from '../../agent/programs.ts';
import { inspectWorld, Random } from '../../env/index.ts';
import type { TrainSettings } from '../../src/run/train-settings.ts';
import { Shard } from '../../src/train/shard.ts';

/**
 * A shard of all worlds of a training, with parameters further from their start than an initialisation, so that no two frames or
 * states are worth the same.
 */
export async function shardOf({ config, env }: TrainSettings) {
  const recipe = { config, world: inspectWorld(env.id, env.options).shape };
  const B = config.worlds;
  const blueprint = await makeBlueprint(recipe, 'onnx', { B });
  const { network } = programsFor(recipe);
  const parameters = new Float32Array(network.layout.size);
  initialise(network.parameters, 1, parameters);
  const random = new Random('parameters');
  for (const [name, values] of Object.entries(views(network.layout, parameters))) {
    const spread = name.startsWith('policy') ? 2 : 0.3;
    for (const i of values.keys()) values[i]! += spread * (random.uniform() - 0.5);
  }
  const seeds = Array.from({ length: B }, (_, world) => `shard:${world}`);
  const plan = { blueprint, env, seeds, actionSeed: 'shard:actions', parameters };
  return {
    ...{ recipe, parameters, seeds },
    create: (gradient = new Float32Array(parameters.length)) => Shard.create({ ...plan, gradient }),
  };
}

/** The largest difference between two arrays. */
export function gap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]!)));
}

/** Fills a rollout. @returns what the agent was shown and made of it, step by step */
export async function act(shard: Shard) {
  const steps: (ActorStep & { before: Float32Array; start: Float32Array })[] = [];
  const original = shard.actor.act.bind(shard.actor);
  const spy = vi
    .spyOn(shard.actor, 'act')
    .mockImplementation(async (seen, start, state, ...kept) => {
      const shown = { before: state.slice(), start: start.slice() };
      const step = await original(seen, start, state, ...kept);
      // Only the steps of the rollout keep what was seen.
      if (kept.length > 0) steps.push({ ...step, ...shown });
      return step;
    });
  const episodes = await shard.act();
  spy.mockRestore();
  const all = (name: 'probabilities' | 'value') => steps.flatMap((step) => [...step[name]]);
  return { steps, episodes, probabilities: all('probabilities'), value: all('value') };
}

/** Computes the gradient. @returns what the learner made of the rollout */
export async function learn(shard: Shard): Promise<LearningSignals> {
  const spy = vi.spyOn(shard.learner, 'learn');
  await shard.learn();
  const signals = await spy.mock.results[0]!.value;
  spy.mockRestore();
  return signals;
}
