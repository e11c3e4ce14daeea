import type { AgentConfig, PresetName } from '../../agent/config.ts';
import type { EngineName } from '../../agent/engines/engine.ts';
import { requireWorld, type WorldChoice } from '../plugins/worlds.ts';
import { resolveSettings } from '../train/settings.ts';
import { type Budget, type Spread, unitsPerSecond } from './measure.ts';
import { startTraining } from './training-at-work.ts';

/** How fast one engine acts and learns in one thread. */
export interface EngineResult {
  readonly engine: EngineName;
  readonly preset: PresetName;
  readonly world: Pick<WorldChoice, 'id' | 'options'>;
  readonly worlds: number;
  readonly steps: number;
  /** Distinct frames of a rollout as a share of all, under an untrained policy. */
  readonly distinctShare: number;
  /** Frames a second: worlds, finding equal frames, the network's forward pass, sampling. */
  readonly acting: Spread;
  /** Frames a second: the gradient of a rollout. */
  readonly learning: Spread;
}

/** In JavaScript a frame takes about a thousand times as long, so a rollout is made of a few. */
const SIZES: Partial<Record<EngineName, Partial<AgentConfig>>> = { cpu: { worlds: 4, steps: 2 } };

/**
 * Acts and learns with an untrained agent whose parameters never change.
 * @param config what differs from the preset
 * @throws EngineUnavailable
 */
export async function engineFramesPerSecond(
  engine: EngineName,
  preset: PresetName,
  world: WorldChoice,
  budget: Budget,
  config: Partial<AgentConfig> = {},
): Promise<EngineResult> {
  await requireWorld(world);
  const settings = resolveSettings({
    ...{ engine, preset, threads: 1, env: world.id, envOptions: world.options },
    set: { ...SIZES[engine], ...config },
  });
  const { worlds, steps } = settings.config;
  const { shard } = await startTraining(settings);
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
  await shard.close();
  const distinctShare = distinctFrames / (rollouts * frames);
  const { id, options } = world;
  return {
    ...{ engine, preset, world: { id, options }, worlds, steps },
    ...{ distinctShare, acting, learning },
  };
}
