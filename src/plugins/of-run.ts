import { resolve } from 'node:path';
import type { AgentConfig } from '../../agent/config.ts';
import { UsageError } from '../common/errors.ts';
import { findPlugin } from './find.ts';
import type { LoadedPlugin, PluginKind } from './kind.ts';
import { pathwaySourceOf, pathways } from './pathways.ts';
import { type PluginSource, referenceOf } from './reference.ts';
import { type WorldChoice, worlds } from './worlds.ts';

/** How the world and the pathway of a run are found. */
export interface PluginFinding {
  /** The world's file or package, where it is no longer where it was in training. */
  readonly env?: string | undefined;
  /** The same of the pathway. */
  readonly agent?: string | undefined;
  /** Is given a sentence for what has changed since the training. */
  onNote?(sentence: string): void;
  /** Which of them must not have changed. */
  readonly unchanged?: readonly PluginKind<never>['noun'][];
}

/**
 * Makes the world and the pathway of a run known to this thread.
 * @param path the run's folder
 * @param settings as its `run.json` has them
 * @returns the same, with where they were found
 * @throws UsageError for one that is gone, is another one, or has changed although it must not
 */
export async function findPluginsOfRun<
  Settings extends { readonly env: WorldChoice; readonly config: AgentConfig },
>(path: string, settings: Settings, finding: PluginFinding = {}): Promise<Settings> {
  const { env, config } = settings;
  const { pathway: id, pathwaySource: before, ...options } = config;
  const find = <Spec extends { readonly id: string }>(
    kind: PluginKind<Spec>,
    choice: Omit<WorldChoice, 'options'>,
    moved: string | undefined,
  ) => findOfRun(kind, path, choice, moved, finding);
  const source = await find(worlds, env, finding.env);
  const agent = { id, source: pathwaySourceOf(config) };
  const pathwaySource = await find(pathways, agent, agent.source && finding.agent);
  return {
    ...settings,
    env: { ...env, ...(source && { source }) },
    config: { pathway: id, ...options, ...(pathwaySource && { pathwaySource }) },
  };
}

/** @returns where it was found; undefined for one that comes with this package */
async function findOfRun<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  path: string,
  { id, source: before }: Omit<WorldChoice, 'options'>,
  moved: string | undefined,
  { onNote, unchanged = [] }: PluginFinding,
): Promise<PluginSource | undefined> {
  if (moved === undefined && !before) {
    kind.find(id);
    return undefined;
  }
  const { spec, source } =
    moved === undefined ? await findAgain(kind, path, id, before!) : await findPlugin(kind, moved);
  if (spec.id !== id) {
    throw new UsageError(
      `${path} was trained with ${id}, but ${moved ?? before!.given} is ${spec.id}: name the file or the package of ${id} with ${kind.flag}`,
    );
  }
  if (before && source && before.version !== source.version) {
    const change = changeOf(id, before, source);
    if (unchanged.includes(kind.noun)) {
      const anyway =
        kind === (worlds as unknown)
          ? `, resume in the changed one (train --run ${path} --resume --allow-changed-world)`
          : '';
      throw new UsageError(
        `${change} since ${path} was started: restore it${anyway}, or start another run`,
      );
    }
    onNote?.(`${change} since ${path} was trained`);
  }
  return source;
}

/** Finds it where it was, or else by the same name from here, since a project may have been moved as a whole. */
async function findAgain<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  path: string,
  id: string,
  { given, from }: PluginSource,
): Promise<LoadedPlugin<Spec>> {
  const { placeOf } = await import('./load.ts');
  const reference = referenceOf(given);
  const place = [from, process.cwd()].find((folder) => placeOf(reference, folder) !== undefined);
  if (place !== undefined) return findPlugin(kind, given, place);
  const isFile = reference.kind === 'file';
  const where = isFile
    ? `from ${resolve(from, reference.module)}, which is gone`
    : `from the package ${given}, which is no longer installed in ${from}`;
  throw new UsageError(
    `${path} was trained with ${id} ${where}: say where it is now, such as ${kind.flag} ${isFile ? `./my-${kind.noun}.ts` : given}`,
  );
}

function changeOf(id: string, before: PluginSource, now: PluginSource): string {
  const isFile = before.version.startsWith('sha256:') || now.version.startsWith('sha256:');
  if (isFile) return `${id} in ${now.given}, or a file that it imports, has changed`;
  return `${id} in ${now.given} has changed from version ${before.version} to ${now.version}`;
}
