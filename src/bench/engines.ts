import { makeBlueprint } from '../../agent/blueprint.ts';
import { type AgentConfig, PRESETS, type PresetName } from '../../agent/config.ts';
import type { EngineName } from '../../agent/engines/engine.ts';
import { initialise } from '../../agent/parameters.ts';
import { parseConfig } from '../../agent/pathways/configure.ts';
import { programsFor } from '../../agent/programs.ts';
import { inspectWorld } from '../../env/index.ts';
import { Shard } from '../train/shard.ts';
import { type Budget, type Spread, unitsPerSecond } from './measure.ts';

/** How fast one engine acts and learns in one thread. */
export interface EngineResult {
  readonly engine: EngineName;
  readonly preset: PresetName;
  readonly worlds: number;
  readonly steps: number;
  /** Distinct frames of a rollout as a share of all, under an untrained policy. */
  readonly distinctShare: number;
  /** Frames a second: worlds, finding equal frames, the network's forward pass, sampling. */
  readonly acting: Spread;
  /** Frames a second: the gradient of a rollout. */
  readonly learning: Spread;
}

const ENV = { id: 'TimedGrid-v0', options: {} };

/** In JavaScript a frame takes about a thousand times as long, so a rollout is made of a few. */
const SIZES: Partial<Record<EngineName, Partial<AgentConfig>>> = { cpu: { worlds: 4, steps: 2 } };

/**
 * Acts and learns in the timed grid with an untrained agent whose parameters never change.
 * @param config what differs from the preset
 * @throws EngineUnavailable
 */
export async function engineFramesPerSecond(
  engine: EngineName,
  preset: PresetName,
  budget: Budget,
  config: Partial<AgentConfig> = {},
): Promise<EngineResult> {
  const settings = parseConfig({ ...PRESETS[preset], ...SIZES[engine], ...config });
  const { worlds, steps } = settings;
  const recipe = { config: settings, world: inspectWorld(ENV.id, ENV.options).shape };
  const { network } = programsFor(recipe);
  const parameters = new Float32Array(network.layout.size);
  initialise(network.parameters, 1, parameters);
  const shard = await Shard.create({
    blueprint: await makeBlueprint(recipe, engine, { B: worlds }),
    env: ENV,
    seeds: Array.from({ length: worlds }, (_, i) => `benchmark:world:${i}`),
    actionSeed: 'benchmark:actions',
    parameters,
    gradient: new Float32Array(network.layout.size),
  });
  let rollouts = 0;
  let distinctFrames = 0;
  const act = async (): Promise<void> => {
    await shard.act();
    rollouts += 1;
    distinctFrames += shard.actor.encoder.count;
  };
  const learn = (): Promise<unknown> => shard.learn();

  // Until the code is compiled and the engine has its memory.
  for (let i = 0; i < 2; i++) await act().then(learn);
  const frames = worlds * steps;
  const acting = await unitsPerSecond(frames, act, budget);
  const learning = await unitsPerSecond(frames, learn, budget);
  shard.close();
  const distinctShare = distinctFrames / (rollouts * frames);
  return { engine, preset, worlds, steps, distinctShare, acting, learning };
}
