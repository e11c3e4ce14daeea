import fs from 'node:fs';
import { dirname, extname, join, parse, resolve } from 'node:path';
import * as z from 'zod';
import { PRESETS, type PresetName } from '../../agent/config.ts';
import { closestMatch } from '../../env/closest.ts';
import { describeOptions, parseOptions } from '../../env/index.ts';
import { reportingSystemErrors, UsageError } from '../common/errors.ts';
import { choice, count, numberList } from '../common/parse.ts';
import { knownPathway } from '../plugins/pathways.ts';
import { findWorld } from '../plugins/worlds.ts';
import type { TrainSettings } from '../run/description.ts';
import { DEFAULT_FRAMES, resolveSettings, sharedSet } from '../train/settings.ts';
import { requireFeasible, sayingWhere } from './feasible.ts';
import type { StudyRun } from './study.ts';

/** A list of whole numbers as the command line takes it, `"1..5"`, or as an array. */
const list = z.union([z.string(), z.int(), z.array(z.int())]);
const values = z.record(z.string(), z.unknown());
const episodes = () => z.int().min(1).max(1_000_000);
const TEXT = { takes: 'a text' };
const LIST = { takes: 'whole numbers, such as "5..30,50,100" or [5, 10]' };

const agentSchema = z.strictObject({
  agent: z.string().describe('the agent').meta({ takes: 'an agent that timegrid agents lists' }),
  about: z.string().optional().describe('what this agent is for, in a sentence').meta(TEXT),
  preset: z
    .string()
    .optional()
    .describe('sizes by name')
    .meta({ takes: `one of ${Object.keys(PRESETS).join(', ')}` }),
  set: values
    .default({})
    .describe("keys of the agent's configuration")
    .meta({ takes: 'an object' }),
  envOptions: values.default({}).describe('options of the world').meta({ takes: 'an object' }),
});
const furtherSchema = z.strictObject({
  agents: z
    .array(z.string())
    .describe('which agents')
    .meta({ takes: 'a list of the names under "agents"' }),
  seeds: list.optional().describe('which seeds; all where left out').meta(LIST),
  numbers: list.describe('further numbers to evaluate at').meta(LIST),
  episodes: episodes().optional().describe('episodes at each of these numbers'),
});
const schema = z.strictObject({
  title: z.string().optional().describe('what the report is headed with').meta(TEXT),
  env: z
    .string()
    .optional()
    .describe('the world; a file is looked for from where the study is')
    .meta(TEXT),
  envOptions: values
    .default({})
    .describe('options of the world, for all')
    .meta({ takes: 'an object' }),
  set: values.default({}).describe('configuration for all').meta({ takes: 'an object' }),
  frames: z
    .union([z.int(), z.string()])
    .default(DEFAULT_FRAMES)
    .describe('frames to train each on')
    .meta({ takes: 'a whole number, such as 2000000 or "2M"' }),
  seeds: list.default([1]).describe('seeds to train each agent with').meta(LIST),
  numbers: list.describe('numbers to evaluate at').meta(LIST),
  episodes: episodes().default(200).describe('episodes at each number'),
  agents: z
    .record(z.string(), z.unknown())
    .describe('the agents by name')
    .meta({ takes: 'an object of names and what each is' }),
  further: z
    .array(z.unknown())
    .default([])
    .describe('what some agents are evaluated at beside')
    .meta({ takes: 'a list of {"agents", "seeds", "numbers", "episodes"}' }),
});

/** What a study's file may say, each of its agents, and each further evaluation. */
export const STUDY_KEYS = describeOptions(schema);
export const AGENT_KEYS = describeOptions(agentSchema);
export const FURTHER_KEYS = describeOptions(furtherSchema);

/** Times at which a run is evaluated, with so many episodes each. */
export interface Occasion {
  readonly numbers: readonly number[];
  readonly episodes: number;
}

/** One training of a declared study, and what is then asked of it. */
export interface DeclaredRun extends StudyRun {
  /** The agent's name in the study. */
  readonly agent: string;
  readonly settings: Omit<TrainSettings, 'shards'>;
  readonly occasions: readonly Occasion[];
  /** Where its result is kept. */
  readonly result: string;
}

/** A study as its file declares it: what is run is decided before anything is. */
export interface Declaration {
  readonly title: string;
  readonly frames: number;
  /** In the order of the file. */
  readonly agents: readonly { readonly name: string; readonly about: string }[];
  /** Every agent with every seed, an agent after the other within a seed. */
  readonly runs: readonly DeclaredRun[];
}

/**
 * Reads a study's file.
 * @param folder where its runs and results go
 * @throws UsageError or OptionError in one sentence that names the file, the agent and the option
 */
export async function readDeclaration(path: string, folder: string): Promise<Declaration> {
  const study = parseOptions(path, schema, readJson(path));
  const frames = typeof study.frames === 'string' ? study.frames : String(study.frames);
  const totalFrames = count(`${path}: "frames"`)(frames);
  const seeds = listOf(`${path}: "seeds"`, study.seeds);
  const numbers = listOf(`${path}: "numbers"`, study.numbers);
  const names = Object.keys(study.agents);
  if (names.length === 0) throw new UsageError(`${path}: "agents" names no agent`);
  refuseEqualSlugs(path, names);
  const from = dirname(resolve(path));
  const world = study.env === undefined ? undefined : await idOf(path, study.env, from);
  const further = study.further.map((given, i) =>
    readFurther(`${path}, "further" number ${i + 1}`, given, { names, seeds, study }),
  );
  const declared = names.map((name) => {
    const where = `${path}, agent "${name}"`;
    const agent = parseOptions(where, agentSchema, study.agents[name]);
    const pathway = sayingWhere(`${where}: "agent"`, () => knownPathway(agent.agent).id);
    return { name, where, agent, pathway };
  });
  const pathways = declared.map(({ pathway }) => pathway);
  const agents = declared.map(({ name, where, agent, pathway }) => {
    const presets = Object.keys(PRESETS) as PresetName[];
    const preset =
      agent.preset === undefined ? undefined : choice(`${where}: "preset"`, presets)(agent.preset);
    const set = { ...sharedSet(study.set, pathway, pathways), ...agent.set };
    const envOptions = { ...study.envOptions, ...agent.envOptions };
    const wishes = { agent: pathway, preset, set, envOptions, env: world, frames: totalFrames };
    return { name, about: agent.about ?? '', pathway, ...resolved(where, wishes, study.env) };
  });
  const runs = seeds.flatMap((seed) =>
    agents.map(({ name, pathway, settings, options }): DeclaredRun => {
      const id = `${slug(name)}-${seed}`;
      const own = further.filter((f) => f.agents.includes(name) && f.seeds.includes(seed));
      return {
        ...{ agent: name, label: `${name}, seed ${seed}`, pathway, seed, options },
        settings: { ...settings, seed },
        from,
        path: join(folder, 'runs', id),
        result: join(folder, 'results', `${id}.json`),
        occasions: [{ numbers, episodes: study.episodes }, ...own.map((f) => f.occasion)],
      };
    }),
  );
  requireFeasible(path, runs);
  return {
    title: study.title ?? 'A study',
    frames: totalFrames,
    agents: agents.map(({ name, about }) => ({ name, about })),
    runs,
  };
}

/** @throws UsageError naming the study */
async function idOf(path: string, env: string, from: string): Promise<string> {
  try {
    return (await findWorld(env, from)).spec.id;
  } catch (error) {
    return sayingWhere(`${path}: "env"`, () => {
      throw error;
    });
  }
}

type Wishes = Parameters<typeof resolveSettings>[0];

/** What an agent's wishes come to, and the options of `train` that say the same. @param env the world as the file names it */
function resolved(where: string, wishes: Wishes, env: string | undefined) {
  const { preset, set = {}, envOptions = {}, frames } = wishes;
  const pairs = (flag: string, given: Readonly<Record<string, unknown>>) =>
    Object.entries(given).flatMap(([key, value]) => [flag, `${key}=${JSON.stringify(value)}`]);
  const options = [
    ...['--frames', String(frames)],
    ...(preset ? ['--preset', preset] : []),
    ...(env ? ['--env', env] : []),
    ...pairs('--set', set),
    ...pairs('--env-option', envOptions),
  ];
  return sayingWhere(where, () => {
    const { shards: _, ...settings } = resolveSettings({ ...wishes, threads: 1 });
    return { settings, options };
  });
}

function readFurther(
  where: string,
  given: unknown,
  {
    names,
    seeds,
    study,
  }: { names: readonly string[]; seeds: readonly number[]; study: { episodes: number } },
) {
  const { agents, numbers, ...rest } = parseOptions(where, furtherSchema, given);
  for (const name of agents) choice(`${where}: "agents"`, names)(name);
  const own = rest.seeds === undefined ? seeds : listOf(`${where}: "seeds"`, rest.seeds);
  const unknown = own.find((seed) => !seeds.includes(seed));
  if (unknown !== undefined) {
    throw new UsageError(
      `${where}: "seeds" names seed ${unknown}, which no agent is trained with; the study's are ${seeds.join(', ')}`,
    );
  }
  const episodes = rest.episodes ?? study.episodes;
  return {
    agents,
    seeds: own,
    occasion: { numbers: listOf(`${where}: "numbers"`, numbers), episodes },
  };
}

function listOf(name: string, given: z.infer<typeof list>): number[] {
  const text = Array.isArray(given) ? given.join(',') : String(given);
  return numberList(name)(text);
}

function readJson(path: string): unknown {
  if (!fs.existsSync(path)) throw new UsageError(noStudyAt(path));
  const text = reportingSystemErrors('read the study', path, () => fs.readFileSync(path, 'utf8'));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

function noStudyAt(path: string): string {
  const folder = dirname(path);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const studies = names.flatMap((name) => (extname(name) === '.json' ? [parse(name).name] : []));
  const closest = closestMatch(parse(path).name, studies);
  return `there is no study at ${path}${closest ? `; did you mean ${join(folder, closest)}.json?` : ''}`;
}

/** An agent's name as part of a file's name. */
const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

function refuseEqualSlugs(path: string, names: readonly string[]): void {
  const bySlug = new Map<string, string>();
  for (const name of names) {
    const earlier = bySlug.get(slug(name));
    if (slug(name) === '') {
      throw new UsageError(
        `${path}: an agent's name has a letter from a to z or a digit, unlike "${name}"`,
      );
    }
    if (earlier !== undefined) {
      throw new UsageError(
        `${path}: the agents "${earlier}" and "${name}" would share one folder: tell their names apart by a letter or a digit`,
      );
    }
    bySlug.set(slug(name), name);
  }
}
