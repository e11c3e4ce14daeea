import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import {
  type AgentConfig,
  agentConfigSchema,
  fittingConvolutions,
  PATHWAY_DEFAULTS,
  PATHWAYS,
  type PathwayName,
  PRESETS,
  type PresetName,
} from '../../agent/config.ts';
import { closeGuarded } from '../../env/guard/ask.ts';
import { make, parseOptions } from '../../env/index.ts';
import { reportingSystemErrors, UsageError } from '../common/errors.ts';
import { sources } from '../plugins/source.ts';
import type { TrainSettings } from '../run/description.ts';
import { worldShapeOf } from '../run/world-shape.ts';

/** What of a training's settings was asked for; the rest has defaults. */
export interface TrainOptions {
  readonly pathway?: PathwayName;
  readonly preset?: PresetName;
  /** A JSON file with keys of the agent's configuration. */
  readonly configFile?: string;
  /** Single keys of it, which outrank the file, which outranks the preset. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** The id of a world that is known: one of a file or a package has to be loaded before. */
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
export function resolveSettings(wishes: TrainOptions): TrainSettings {
  const { env = 'TimedGrid-v0', envOptions = {}, seed = 1, engine = 'onnx' } = wishes;
  const { options, shape } = chosen(env, envOptions);
  const config = resolveConfig(wishes, { convolutions: fittingConvolutions(shape) });
  const { totalFrames = DEFAULT_FRAMES, shards = Math.min(availableParallelism(), config.worlds) } =
    wishes;
  if (shards > config.worlds) {
    throw new UsageError(
      `${shards} threads cannot share ${config.worlds} worlds: give --threads ${config.worlds} or fewer, or --set worlds=${shards} or more`,
    );
  }
  const source = sources.get(env);
  const world = { id: env, options, ...(source && { source }) };
  return { config, env: world, seed, totalFrames, shards, engine };
}

/** All options of a world, defaults filled in, and what it shows with them. */
function chosen(env: string, given: Readonly<Record<string, unknown>>) {
  const world = make(env, given);
  const options: Record<string, unknown> = { ...world.options };
  const shape = worldShapeOf(world);
  closeGuarded(world);
  return { options, shape };
}

/** @param base what is not wished for otherwise */
function resolveConfig(
  { pathway, preset, configFile, set }: TrainOptions,
  base: Partial<AgentConfig> = {},
): AgentConfig {
  const asked = { ...(configFile === undefined ? {} : readConfig(configFile)), ...set };
  const name = pathway ?? asked.pathway ?? base.pathway;
  const usual = PATHWAYS.find((known) => known === name);
  const merged = {
    ...(usual && PATHWAY_DEFAULTS[usual]),
    ...base,
    ...(preset ? PRESETS[preset] : {}),
    ...asked,
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
 * @throws UsageError naming the option, or OptionError for a key or value that cannot be
 */
export function refuseChanges(
  path: string,
  { settings, checkpointFrames }: { settings: TrainSettings; checkpointFrames: number },
  wishes: TrainOptions & { readonly checkpointFrames?: number },
): void {
  const { env, config, seed, totalFrames, shards, engine } = settings;
  const refuse = (option: string, present: unknown, asked: unknown): void => {
    if (asked === undefined || isDeepStrictEqual(asked, present)) return;
    throw new UsageError(
      `${path} was started with ${option}${show(present)}, not ${show(asked)}, and can only go on as it was started: leave that out, or start another run`,
    );
  };
  refuse('--env ', env.id, wishes.env);
  refuse('--seed ', seed, wishes.seed);
  refuse('--frames ', totalFrames, wishes.totalFrames);
  refuse('--threads ', shards, wishes.shards);
  refuse('--engine ', engine, wishes.engine);
  refuse('--checkpoint-every ', checkpointFrames, wishes.checkpointFrames);
  refuse('--agent ', config.pathway, wishes.pathway);
  for (const [key, value] of Object.entries(resolveConfig(wishes, config))) {
    refuse(`--set ${key}=`, config[key as keyof AgentConfig], value);
  }
  const { options } = chosen(env.id, { ...env.options, ...wishes.envOptions });
  for (const key of Object.keys(wishes.envOptions ?? {})) {
    refuse(`--env-option ${key}=`, env.options[key], options[key]);
  }
}

const show = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
