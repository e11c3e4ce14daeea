import { PRESETS, type PresetName } from '../../agent/config.ts';
import { createNetwork } from '../../agent/network.ts';
import { configSchemaOf } from '../../agent/pathways/configure.ts';
import { findSpec, inspectWorld } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import { choice } from '../common/parse.ts';
import { type NumberTask, numberTaskOf } from '../evaluate/evaluate-run.ts';
import { knownPathway } from '../plugins/known-pathway.ts';
import type { TrainSettings } from '../run/train-settings.ts';
import { DEFAULT_WORLD } from '../train/resolve-settings.ts';
import { idleKeys, refuseIdleKeys, resolveSettings, sharedSet } from '../train/settings.ts';
import { gridSize, variantsOf } from './grid.ts';
import { locating } from './locating.ts';
import { runKey } from './run-key.ts';
import type { AgentSpec } from './study-file.ts';

/** More are probably a mistake in a list. */
const MOST_RUNS = 100_000;

/** An agent as a study declares it, its pathway found. */
export interface GivenAgent {
  readonly name: string;
  readonly agent: AgentSpec;
  /** The id of its pathway. */
  readonly pathway: string;
  readonly seeds: readonly number[];
}

/** What a study declares for all its agents. */
interface SharedByAgents {
  /** The id of a world. */
  readonly env: string | undefined;
  readonly envOptions: Readonly<Record<string, unknown>>;
  readonly set: Readonly<Record<string, unknown>>;
  readonly frames: number;
}

/** An agent of a study; where one is declared with lists of values, one for each combination of them. */
export interface PlannedAgent {
  readonly name: string;
  /** Its name in the study's file. */
  readonly base: string;
  /** What errors call it. */
  readonly where: string;
  readonly about: string;
  readonly seeds: readonly number[];
  /** With the seed 1. */
  readonly settings: TrainSettings;
  readonly task: NumberTask;
}

/** What errors call an agent of a study. */
export const whereAgent = (study: string, name: string): string => `${study}, agent "${name}"`;

/**
 * The settings of every agent of a study.
 * @param where what errors call the study
 * @throws UsageError in one sentence, for an agent that cannot be made or evaluated, and for more runs than anybody can wait for
 */
export function planAgents(
  where: string,
  given: readonly GivenAgent[],
  shared: SharedByAgents,
): PlannedAgent[] {
  const pathways = given.map(({ pathway }) => pathway);
  const gridOf = ({ agent, pathway }: GivenAgent) => ({
    set: {
      values: { ...sharedSet(shared.set, pathway, pathways), ...agent.set },
      schema: configSchemaOf(knownPathway(pathway)),
    },
    envOptions: {
      values: { ...shared.envOptions, ...agent.envOptions },
      schema: findSpec(shared.env ?? DEFAULT_WORLD).options,
    },
  });
  const sizes = given.map((one) =>
    locating(whereAgent(where, one.name), () => gridSize(gridOf(one))),
  );
  requireFew(
    where,
    sizes.map((size, i) => size * given[i]!.seeds.length),
  );
  const unused = new Map<string, string>();
  const usedByAny = new Set<string>();
  const agents = given.flatMap((one) => {
    const { agent, pathway, seeds, name: base } = one;
    const variants = variantsOf(base, gridOf(one)).map((variant): PlannedAgent => {
      const { name, values } = variant;
      const whereVariant = whereAgent(where, name);
      return locating(whereVariant, () => {
        const { settings, idle, used } = settingsOf(agent, pathway, values, shared);
        for (const [key, needs] of idle) unused.set(key, needs);
        for (const key of used) usedByAny.add(key);
        const about = [agent.about, variant.about].filter(Boolean).join('; ');
        return {
          name,
          base,
          where: whereVariant,
          about,
          seeds,
          settings,
          task: numberTaskOf(settings.env),
        };
      });
    });
    requireDifferent(whereAgent(where, base), variants);
    return variants;
  });
  for (const key of usedByAny) unused.delete(key);
  locating(where, () => refuseIdleKeys(unused));
  return agents;
}

/** @returns the settings, and which of those that all agents share are idle and used */
function settingsOf(
  agent: AgentSpec,
  pathway: string,
  { set, envOptions }: Readonly<Record<'set' | 'envOptions', Readonly<Record<string, unknown>>>>,
  { env, frames }: SharedByAgents,
) {
  const presets = Object.keys(PRESETS) as PresetName[];
  const given = {
    ...{ agent: pathway, env, frames, threads: 1, envOptions },
    preset: agent.preset === undefined ? undefined : choice('"preset"', presets)(agent.preset),
  };
  const isOwn = ([key]: [string, unknown]): boolean => Object.hasOwn(agent.set, key);
  const own = Object.fromEntries(Object.entries(set).filter(isOwn));
  const shared = Object.fromEntries(Object.entries(set).filter((entry) => !isOwn(entry)));
  const { config, env: world } = resolveSettings({ ...given, set });
  const { instruction } = inspectWorld(world.id, world.options).shape;
  refuseIdleKeys(idleKeys(own, config, instruction));
  // What is shared may be for other agents; what no agent uses is refused for the whole study.
  const idle = idleKeys(shared, config, instruction);
  const used = Object.fromEntries(Object.entries(shared).filter(([key]) => !idle.has(key)));
  const settings = resolveSettings({ ...given, set: { ...used, ...own } });
  createNetwork(settings.config, inspectWorld(settings.env.id, settings.env.options).shape);
  return { settings, idle, used: Object.keys(used) };
}

function requireFew(where: string, sizes: readonly number[]): void {
  const runs = sizes.reduce((sum, size) => sum + size, 0);
  if (runs <= MOST_RUNS) return;
  throw new UsageError(
    `${where} declares ${runs} runs, and a study has at most ${MOST_RUNS}: list fewer values or seeds`,
  );
}

function requireDifferent(where: string, variants: readonly PlannedAgent[]): void {
  const known = new Map<string, string>();
  for (const { name, settings } of variants) {
    const key = runKey(settings, []);
    const earlier = known.get(key);
    if (earlier !== undefined) {
      throw new UsageError(
        `${where}: "${earlier}" and "${name}" are the same training: leave out the list that makes no difference to it`,
      );
    }
    known.set(key, name);
  }
}
