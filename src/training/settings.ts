import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import {
  type AgentConfig,
  agentConfigSchema,
  type PathwayName,
  PRESETS,
  type PresetName,
} from '../../agent/config.ts';
import { make, parseOptions } from '../../env/index.ts';
import { reportingSystemErrors, UsageError } from '../errors.ts';
import type { TrainSettings } from './trainer.ts';

/** What of a training's settings was asked for; the rest has defaults. */
export interface Wishes {
  readonly pathway?: PathwayName;
  readonly preset?: PresetName;
  /** A JSON file with keys of the agent's configuration. */
  readonly configFile?: string;
  /** Single keys of it, which outrank the file, which outranks the preset. */
  readonly set?: Readonly<Record<string, unknown>>;
  readonly env?: string;
  readonly envOptions?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly totalFrames?: number;
  readonly shards?: number;
  readonly engine?: TrainSettings['engine'];
}

/** Frames of a training that does not say how many. */
export const DEFAULT_FRAMES = 2_000_000;

/** @throws UsageError or OptionError for a key or value that cannot be */
export function resolveSettings(wishes: Wishes): TrainSettings {
  const config = resolveConfig(wishes);
  const { env = 'TimedGrid-v0', envOptions = {}, seed = 1, engine = 'onnx' } = wishes;
  const world = make(env, envOptions);
  const options = { ...world.options };
  world.close();
  const { totalFrames = DEFAULT_FRAMES, shards = Math.min(availableParallelism(), config.worlds) } =
    wishes;
  if (shards > config.worlds) {
    throw new UsageError(
      `${shards} threads cannot share ${config.worlds} worlds: give --threads ${config.worlds} or fewer, or --set worlds=${shards} or more`,
    );
  }
  return { config, env: { id: env, options }, seed, totalFrames, shards, engine };
}

function resolveConfig({ pathway, preset, configFile, set }: Wishes): AgentConfig {
  const merged = {
    ...(preset ? PRESETS[preset] : {}),
    ...(configFile === undefined ? {} : readConfig(configFile)),
    ...set,
    ...(pathway ? { pathway } : {}),
  };
  return parseOptions("the agent's configuration", agentConfigSchema, merged);
}

function readConfig(path: string): Record<string, unknown> {
  const text = reportingSystemErrors('read the configuration', path, () =>
    fs.readFileSync(path, 'utf8'),
  );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(
      `${path} holds no configuration: it takes an object of names and values, such as {"lstm": 256}`,
    );
  }
  return value as Record<string, unknown>;
}

/**
 * Refuses wishes that contradict what a run was started with.
 * @param settings those of the run
 */
export function refuseChanges(path: string, settings: TrainSettings, wishes: Wishes): void {
  const { configFile, preset, set, pathway, env, envOptions, ...plain } = wishes;
  const asked: Record<string, unknown> = {
    ...plain,
    ...(env === undefined ? {} : { env }),
    ...envOptions,
    ...(preset ? PRESETS[preset] : {}),
    ...(configFile === undefined ? {} : readConfig(configFile)),
    ...set,
    ...(pathway ? { pathway } : {}),
  };
  const present: Record<string, unknown> = {
    ...settings,
    ...settings.env.options,
    ...settings.config,
    env: settings.env.id,
  };
  for (const [key, value] of Object.entries(asked)) {
    if (value === undefined || JSON.stringify(present[key]) === JSON.stringify(value)) continue;
    throw new UsageError(
      `${path} was started with ${key} ${JSON.stringify(present[key])} and can only go on with it, not with ${JSON.stringify(value)}: leave the option out, or start another run`,
    );
  }
}
