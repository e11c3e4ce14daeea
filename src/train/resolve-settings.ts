import {
  type AgentConfig,
  fittingConvolutions,
  PRESETS,
  type PresetName,
  usualLearningRate,
} from '../../agent/config.ts';
import type { EngineName } from '../../agent/engines/engine.ts';
import { configSchemaOf } from '../../agent/pathways/configure.ts';
import { pathwaySpecs } from '../../agent/pathways/registry.ts';
import { findSpec, inspectWorld, parseOptions } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import { sources } from '../plugins/kind.ts';
import { knownPathway } from '../plugins/known-pathway.ts';
import type { TrainSettings } from '../run/train-settings.ts';

/** The settings that decide the result of a training, named as in `timegrid train`. Each has a default. */
export interface SettingsOptions {
  /** The agent; `nac` by default. */
  readonly agent?: string | undefined;
  /** Sizes of the network by name; `small` by default. */
  readonly preset?: PresetName | undefined;
  /** Keys of the agent's configuration. They override the preset. */
  readonly set?: Readonly<Record<string, unknown>> | undefined;
  /** The world; `TimedGrid-v0` by default. */
  readonly env?: string | undefined;
  /** Options of the world; each has its own default. */
  readonly envOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Seed of everything random; 1 by default. */
  readonly seed?: number | undefined;
  /** Frames to train on, one step of one world each; 2,000,000 by default. */
  readonly frames?: number | undefined;
  /** Threads that share the worlds; one for each core by default. The result depends on it. */
  readonly threads?: number | undefined;
  /** What computes; `onnx` by default. */
  readonly engine?: EngineName | undefined;
}

/** The default agent, world and number of frames. */
export const DEFAULT_AGENT = 'nac';
export const DEFAULT_WORLD = 'TimedGrid-v0';
export const DEFAULT_FRAMES = 2_000_000;

/**
 * Every setting of a training, defaults filled in.
 * @param options `env` must be the id of a known world; load one from a file or a package first
 * @param cores as many threads as these share the worlds, where the options do not say
 * @throws UsageError, OptionError or UnknownEnvError that names the option and the values that it takes
 */
export function resolveSettingsFor(options: SettingsOptions, cores: number): TrainSettings {
  const { env = DEFAULT_WORLD, envOptions = {}, seed = 1, engine = 'onnx' } = options;
  const { frames: totalFrames = DEFAULT_FRAMES } = options;
  const world = inspectWorld(env, envOptions);
  const { maxReward = 0 } = world.number ?? {};
  const config = resolveConfig(options, {
    convolutions: fittingConvolutions(world.shape),
    ...(maxReward > 0 && { rewardScale: 1 / maxReward }),
  });
  if (options.set?.learningRate === undefined) {
    config.learningRate = usualLearningRate(config.learningRate, world.shape);
  }
  const { threads: shards = Math.min(cores, config.worlds) } = options;
  if (shards > config.worlds) {
    throw new UsageError(
      `${shards} threads cannot share ${config.worlds} worlds: give --threads ${config.worlds} or fewer, or --set worlds=${shards} or more`,
    );
  }
  const source = sources.get(findSpec(env));
  const pathwaySource = sources.get(knownPathway(config.pathway));
  const choice = { id: env, options: world.options, ...(source && { source }) };
  const agent = { ...config, ...(pathwaySource && { pathwaySource }) };
  return { config: agent, env: choice, seed, totalFrames, shards, engine };
}

/** @param base the values of keys that the options leave out */
export function resolveConfig(
  { agent, preset, set = {} }: SettingsOptions,
  base: Partial<AgentConfig>,
): AgentConfig {
  if (set.pathway !== undefined) {
    throw new UsageError(
      `an agent has no option "pathway": choose the agent with --agent ${set.pathway}`,
    );
  }
  const id = agent ?? base.pathway ?? DEFAULT_AGENT;
  const schema = configSchemaOf(knownPathway(id));
  for (const key of Object.keys(set)) {
    const others = pathwaySpecs().filter(({ options }) => key in options.shape);
    if (key in schema.shape || others.length === 0) continue;
    const keys = Object.keys(schema.shape).filter((one) => one !== 'pathway');
    throw new UsageError(
      `the agent ${id} has no option "${key}", an option of ${others.map((one) => one.id).join(', ')}; the options of ${id} are ${keys.join(', ')}`,
    );
  }
  const merged = { ...base, ...(preset ? PRESETS[preset] : {}), ...set, pathway: id };
  return parseOptions("the agent's configuration", schema, merged) as AgentConfig;
}
