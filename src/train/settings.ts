import { availableParallelism } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { AgentConfig } from '../../agent/config.ts';
import { configSchemaOf, createPathway } from '../../agent/pathways/configure.ts';
import { inspectWorld } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import { knownPathway } from '../plugins/known-pathway.ts';
import type { TrainSettings } from '../run/train-settings.ts';
import { resolveConfig, resolveSettingsFor, type SettingsOptions } from './resolve-settings.ts';

/** As `resolveSettingsFor`, with a thread for each core of this machine. */
export const resolveSettings = (options: SettingsOptions): TrainSettings =>
  resolveSettingsFor(options, availableParallelism());

/** Keys that have an effect only with a certain value of another. */
const HEEDED: readonly {
  readonly keys: readonly string[];
  readonly needs: string;
  readonly isHeeded: (config: AgentConfig) => boolean;
}[] = [
  {
    keys: ['adamBeta1', 'adamBeta2'],
    needs: 'optimizer=adam',
    isHeeded: ({ optimizer }) => optimizer === 'adam',
  },
  {
    keys: ['rmspropDecay'],
    needs: 'optimizer=rmsprop',
    isHeeded: ({ optimizer }) => optimizer === 'rmsprop',
  },
  {
    keys: ['entropyLeft'],
    needs: 'entropySchedule=linear',
    isHeeded: ({ entropySchedule }) => entropySchedule === 'linear',
  },
  { keys: ['pullFrom'], needs: 'a pull above 0', isHeeded: ({ pull = 0 }) => pull > 0 },
];

/**
 * Keys that were changed but have no effect, and what they need.
 * @param config the whole configuration
 * @param instruction how many numbers the world tells
 */
export function idleKeys(
  set: SettingsOptions['set'],
  config: AgentConfig,
  instruction: number,
): Map<string, string> {
  const spec = knownPathway(config.pathway);
  const usual = configSchemaOf(spec).parse({ pathway: config.pathway });
  const needs = (key: string): string | undefined => {
    if (isDeepStrictEqual(config[key], usual[key])) return undefined;
    const rule = HEEDED.find(({ keys, isHeeded }) => keys.includes(key) && !isHeeded(config));
    if (rule) return rule.needs;
    // Without a number some pathways give the LSTM nothing, and then none of their options matters.
    const isMute = instruction === 0 && key in spec.options.shape;
    return isMute && createPathway(config, 0, 2).featureSize === 0
      ? 'a world that tells a number'
      : undefined;
  };
  const idle = Object.keys(set ?? {}).map((key) => [key, needs(key)] as const);
  return new Map(idle.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** @param idle as `idleKeys` gives them @throws UsageError naming the first, and what it needs */
export function refuseIdleKeys(idle: ReadonlyMap<string, string>): void {
  for (const [key, needs] of idle) {
    throw new UsageError(`${key} does nothing without ${needs}: add that, or leave ${key} out`);
  }
}

/** Of options that are set for several agents, those of this one: without those that only another of them takes. */
export function sharedSet(
  set: Readonly<Record<string, unknown>>,
  pathway: string,
  all: readonly string[],
): Record<string, unknown> {
  const takes = (id: string, key: string) => key in configSchemaOf(knownPathway(id)).shape;
  const isOurs = ([key]: [string, unknown]) =>
    takes(pathway, key) || !all.some((id) => takes(id, key));
  return Object.fromEntries(Object.entries(set).filter(isOurs));
}

/**
 * Requires that the options, except the frames, agree with what a run was started with.
 * @throws UsageError naming the first option that differs, OptionError for an unknown key or a value out of range
 */
export function requireUnchanged(
  path: string,
  { settings, checkpointFrames }: { settings: TrainSettings; checkpointFrames: number },
  options: SettingsOptions & { readonly checkpointEvery?: number | undefined },
): void {
  const { env, config, seed, shards, engine } = settings;
  const { pathwaySource: _, ...chosen } = config;
  const compare = (option: string, present: unknown, given: unknown): void => {
    if (given === undefined || isDeepStrictEqual(given, present)) return;
    throw new UsageError(
      `${path} was started with ${option}${show(present)}, not ${show(given)}: leave that option out to resume it, or start another run`,
    );
  };
  compare('--env ', env.id, options.env);
  compare('--seed ', seed, options.seed);
  compare('--threads ', shards, options.threads);
  compare('--engine ', engine, options.engine);
  compare('--checkpoint-every ', checkpointFrames, options.checkpointEvery);
  compare('--agent ', config.pathway, options.agent);
  for (const [key, value] of Object.entries(resolveConfig(options, chosen))) {
    compare(`--set ${key}=`, config[key as keyof AgentConfig], value);
  }
  const world = inspectWorld(env.id, { ...env.options, ...options.envOptions });
  for (const key of Object.keys(options.envOptions ?? {})) {
    compare(`--env-option ${key}=`, env.options[key], world.options[key]);
  }
}

/** The frames of a run that is resumed, which may be extended. @throws UsageError for fewer than it was started with */
export function extendedFrames(path: string, before: number, frames = before): number {
  if (frames >= before) return frames;
  throw new UsageError(
    `${path} was started with --frames ${before} and can be extended, but not shortened to ${frames}: give more, or leave that option out`,
  );
}

const show = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
