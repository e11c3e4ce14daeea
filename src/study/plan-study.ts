import fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseOptions } from '../../env/index.ts';
import { printable } from '../../env/printable.ts';
import { UsageError } from '../common/errors.ts';
import { choice, count, numberList, seedList } from '../common/parse.ts';
import { defaultNumbers } from '../evaluate/default-numbers.ts';
import { numberTaskOf, span } from '../evaluate/evaluate-run.ts';
import { requireComparable } from '../evaluate/summary.ts';
import { findPlugin } from '../plugins/find.ts';
import type { Gate } from '../plugins/load.ts';
import { pathways as pathwayKind } from '../plugins/pathways.ts';
import { isTrusted } from '../plugins/trusted-code.ts';
import { worlds } from '../plugins/worlds.ts';
import { locating } from './locating.ts';
import { type GivenAgent, planAgents, whereAgent } from './plan-agents.ts';
import type { Occasion, PlannedRun, StudyPlan } from './planned-run.ts';
import { runKey } from './run-key.ts';
import { slug } from './slug.ts';
import {
  agentSchema,
  furtherSchema,
  type NumberList,
  readStudyFile,
  type StudySpec,
  studySchema,
} from './study-file.ts';

export interface PlanOptions {
  /** Where runs, results and report go. */
  readonly folder: string;
  /** What errors call the study; `the study` by default. */
  readonly name?: string;
  /** The folder from which a world's file is looked up; the current one by default. */
  readonly from?: string;
  /** The study's file: its code must be recorded as trusted, unless `allowCode` is set. */
  readonly file?: string;
  readonly allowCode?: boolean | undefined;
}

/**
 * Reads a study's file. Code that it names is imported only if this user has run it for this study before, or allows it.
 * @throws UsageError in one sentence that names the file, the agent and the option
 */
export async function planStudyFile(
  path: string,
  folder: string,
  allowCode?: boolean,
): Promise<StudyPlan> {
  const spec = readStudyFile(path) as StudySpec;
  if (Object(spec).task !== undefined) {
    throw new UsageError(`${path} declares a task: run it with timegrid numeracy ${path}`);
  }
  const from = dirname(resolve(path));
  return planStudy(spec, { name: path, from, folder, file: fs.realpathSync(path), allowCode });
}

/**
 * Decides everything that a study will run, so that a mistake is reported before anything is trained.
 * @throws UsageError in one sentence that names the study, the agent and the option: for a key or a value that cannot be, an agent
 *   that cannot be made or evaluated, and agents that cannot be compared
 */
export async function planStudy(
  spec: StudySpec,
  { folder, name: where = 'the study', from = process.cwd(), file, allowCode }: PlanOptions,
): Promise<StudyPlan> {
  const gate = file === undefined || allowCode ? undefined : trustedFor(file);
  const study = parseOptions(where, studySchema, spec);
  const totalFrames = count(`${where}: "frames"`)(String(study.frames));
  const usualSeeds = seedsOf(`${where}: "seeds"`, study.seeds);
  const bases = Object.keys(study.agents);
  refuseBadNames(where, bases);
  const env =
    study.env === undefined
      ? undefined
      : await idOf(`${where}: "env"`, () => findPlugin(worlds, study.env!, from, gate));
  const given: GivenAgent[] = [];
  for (const name of bases) {
    const here = whereAgent(where, name);
    const agent = parseOptions(here, agentSchema, study.agents[name]);
    const pathway = await idOf(`${here}: "agent"`, () =>
      findPlugin(pathwayKind, agent.agent, from, gate),
    );
    const seeds = agent.seeds === undefined ? usualSeeds : seedsOf(`${here}: "seeds"`, agent.seeds);
    given.push({ name, agent, pathway, seeds });
  }
  const { set, envOptions } = study;
  const shared = { env, envOptions, set, frames: totalFrames };
  const agents = planAgents(where, given, shared);
  const seeds = [...new Set(given.flatMap((one) => one.seeds))];
  const names = agents.map(({ name }) => name);
  refuseBadNames(where, names);
  const numbers =
    study.numbers === undefined
      ? defaultNumbers(span(agents.map(({ task }) => task.trainingRange)))
      : listOf(`${where}: "numbers"`, study.numbers);
  const seedsOfNames = new Map(
    [...given, ...agents].map(({ name, seeds }) => [name, seeds] as const),
  );
  const further = study.further.map((given, i) =>
    readFurther(`${where}, "further" number ${i + 1}`, given, seedsOfNames, study.episodes),
  );
  // All agents of one seed come before the next seed.
  const runs = seeds.flatMap((seed) =>
    agents
      .filter((agent) => agent.seeds.includes(seed))
      .map(({ name, base, settings }): PlannedRun => {
        const id = `${slug(name)}-${seed}`;
        const own = further.filter(
          (f) => [name, base].some((one) => f.agents.includes(one)) && f.seeds.includes(seed),
        );
        const training = { ...settings, seed };
        const occasions = [{ numbers, episodes: study.episodes }, ...own.map((f) => f.occasion)];
        return {
          ...{ agent: name, seed, label: seeds.length > 1 ? `${name}, seed ${seed}` : name },
          ...{ key: runKey(training, occasions), settings: training, occasions },
          ...(study.keepCheckpoints !== undefined && { keep: study.keepCheckpoints }),
          path: join(folder, 'runs', id),
          result: join(folder, 'results', `${id}.json`),
        };
      }),
  );
  for (const { name, where, settings } of agents) {
    const own = runs.filter(({ agent }) => agent === name).flatMap(({ occasions }) => occasions);
    const distinct = [...new Set(own.flatMap((occasion) => occasion.numbers))];
    locating(`${where}, "numbers"`, () => numberTaskOf(settings.env, distinct));
  }
  locating('', () =>
    requireComparable(
      agents.map(({ name, where, task }) => ({
        ...{ run: where, label: name, seed: seeds[0]!, policy: 'greedy' as const },
        ...task,
      })),
    ),
  );
  const title = study.title ?? new Intl.ListFormat('en-GB').format(bases);
  const described = agents.map(({ name, about }) => ({ name, about }));
  return { file, title, frames: totalFrames, folder, agents: described, runs };
}

/** @throws UsageError that says where */
async function idOf(
  where: string,
  find: () => Promise<{ readonly spec: { readonly id: string } }>,
): Promise<string> {
  try {
    return (await find()).spec.id;
  } catch (error) {
    return locating(where, () => {
      throw error;
    });
  }
}

/** Of a file's name, whose ending and seed come to it: file systems take 255 bytes. */
const LONGEST_NAME = 200;

/** In an error. */
const MOST_NAMES = 20;

/** Lets in what this user has run for the study before. */
const trustedFor =
  (file: string): Gate =>
  ({ given, place, version }) => {
    if (isTrusted({ for: file, path: place, version })) return { coveredOnly: true };
    throw new UsageError(
      `${given} is code that this study has never run on this machine, ${place} (${version}): read it, then give --allow-code`,
    );
  };

interface Further {
  readonly agents: readonly string[];
  readonly seeds: readonly number[];
  readonly occasion: Occasion;
}

function readFurther(
  where: string,
  given: unknown,
  seedsOfNames: ReadonlyMap<string, readonly number[]>,
  episodes: number,
): Further {
  const further = parseOptions(where, furtherSchema, given);
  const names = [...seedsOfNames.keys()];
  for (const name of further.agents) {
    if (!seedsOfNames.has(name)) choice(`${where}: "agents"`, names.slice(0, MOST_NAMES))(name);
  }
  const seeds = [...new Set(further.agents.flatMap((name) => seedsOfNames.get(name)!))];
  const own = further.seeds === undefined ? seeds : seedsOf(`${where}: "seeds"`, further.seeds);
  const unknown = own.find((seed) => !seeds.includes(seed));
  if (unknown !== undefined) {
    throw new UsageError(
      `${where}: "seeds" names seed ${unknown}, which none of these agents is trained with; their seeds are ${seeds.join(', ')}`,
    );
  }
  const numbers = listOf(`${where}: "numbers"`, further.numbers);
  const occasion = { numbers, episodes: further.episodes ?? episodes };
  return { agents: further.agents, seeds: own, occasion };
}

/** A list in brackets says that it is one, so it may hold a single seed. */
function seedsOf(name: string, given: NumberList): number[] {
  return Array.isArray(given) ? listOf(name, given) : seedList(name)(String(given));
}

function listOf(name: string, given: NumberList): number[] {
  const text = Array.isArray(given) ? given.join(',') : String(given);
  return numberList(name)(text);
}

function refuseBadNames(where: string, names: readonly string[]): void {
  if (names.length === 0) throw new UsageError(`${where}: "agents" names no agent`);
  const bySlug = new Map<string, string>();
  for (const name of names) {
    const earlier = bySlug.get(slug(name));
    if (slug(name) === '') {
      throw new UsageError(
        `${where}: an agent's name must have a letter from a to z or a digit, unlike "${name}"`,
      );
    }
    if (name !== printable(name)) {
      throw new UsageError(
        `${where}: the agent "${name}" has control characters in its name; leave them out`,
      );
    }
    if (earlier !== undefined) {
      throw new UsageError(
        `${where}: the agents "${earlier}" and "${name}" would share one folder: make their names differ by a letter or a digit`,
      );
    }
    if (slug(name).length > LONGEST_NAME) {
      throw new UsageError(
        `${where}: the name of the agent "${name}" is too long for a folder's: make it shorter, or list values of fewer settings`,
      );
    }
    bySlug.set(slug(name), name);
  }
}
