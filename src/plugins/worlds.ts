import type { Env, EnvSpec } from '../../env/contract.ts';
import { guardClose } from '../../env/guard/guarded-calls.ts';
import { spacesProblem } from '../../env/guard/space-rules.ts';
import { findSpec, register, specs } from '../../env/index.ts';
import { findInThread, findPlugin } from './find.ts';
import type { LoadedPlugin } from './kind.ts';
import { type PluginKind, propertyProblem } from './kind.ts';
import type { PluginSource } from './plugin-source.ts';

/** A world that a training, an evaluation or a page is about. */
export interface WorldChoice {
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Absent where the world comes with this package, or a program has registered it. */
  readonly source?: PluginSource | undefined;
}

export type LoadedWorld = LoadedPlugin<EnvSpec>;

/**
 * The world that a person names: an id, a file that exports it, or one of a package.
 * @param from the folder from which a file or a package is looked for
 * @throws UsageError for a file or a package that holds no such world, UnknownEnvError for an unknown id
 */
export const findWorld = (named: string, from?: string): Promise<LoadedWorld> =>
  findPlugin(worlds, named, from);

/** Makes a world known to this thread, where `make` alone would not find it. @throws as `findInThread` does */
export const requireWorld = ({ source }: Pick<WorldChoice, 'source'>): Promise<void> =>
  findInThread(worlds, source);

export const worlds: PluginKind<EnvSpec> = {
  noun: 'world',
  flag: '--env',
  contract: 'an EnvSpec, { id, summary, options, resetOptions, create }',
  specs,
  find: findSpec,
  register,
  problemOf(value) {
    if (typeof value === 'function') return 'it is a class or function: export its spec';
    const { spec, step } = Object(value) as Record<string, unknown>;
    if (spec && typeof step === 'function') return 'it is a world: export its spec';
    return propertyProblem(value, ['id', 'summary'], ['options', 'resetOptions'], ['create']);
  },
  inspect(spec) {
    const world: unknown = spec.create();
    const problem = problemOf(world, spec);
    if (problem !== undefined) return `what ${spec.id} creates is not an Env: ${problem}`;
    try {
      guardClose(world as Env);
    } catch {} // `check` has a rule for it
    return undefined;
  },
};

const METHODS = ['reset', 'step', 'render', 'close', 'state', 'restore'] as const;

function problemOf(world: unknown, spec: EnvSpec): string | undefined {
  if (world instanceof Promise) return 'it is a promise, but create must return the world itself';
  if (typeof world !== 'object' || world === null) return `it is ${world}`;
  const env = world as Partial<Env>;
  const lacks = METHODS.find((name) => typeof env[name] !== 'function');
  if (lacks) return `it has no method ${lacks}`;
  if (env.spec?.id !== spec.id) {
    return `its own spec has the id ${env.spec?.id}: let create make worlds whose spec is the one exported, as wrapSpec does`;
  }
  if (typeof env.options !== 'object') return 'it has no options';
  return spacesProblem(env);
}
