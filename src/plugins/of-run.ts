import { resolve } from 'node:path';
import type { AgentConfig } from '../../agent/config.ts';
import { UsageError } from '../common/errors.ts';
import { nearPath } from './error-place.ts';
import { findPlugin } from './find.ts';
import type { LoadedPlugin, PluginKind } from './kind.ts';
import { pathwaySourceOf } from './known-pathway.ts';
import type { FoundCode, Gate } from './load.ts';
import { pathways } from './pathways.ts';
import type { PluginSource } from './plugin-source.ts';
import { referenceOf } from './reference.ts';
import { isTrusted, recordTrust } from './trusted-code.ts';
import { type WorldChoice, worlds } from './worlds.ts';

/** How the world and the pathway of a run are found; code that is neither named nor allowed here must be recorded as trusted. */
export interface PluginOptions {
  /** The world's file or package, where it is no longer where it was in training, or is not trusted. */
  readonly env?: string | undefined;
  /** The same of the pathway. */
  readonly agent?: string | undefined;
  /** Import whatever code the run names: for the runs of somebody whom you trust. */
  readonly allowCode?: boolean | undefined;
  /** Is given a sentence for what has changed since the training. */
  onNote?(sentence: string): void;
}

export interface PluginFinding extends PluginOptions {
  /** Which of them must not have changed. */
  readonly unchanged?: readonly PluginKind<never>['noun'][];
}

/** What is known of a run here. */
interface PluginsOfRun<Settings> {
  /** Names the run in the records of trusted code. */
  readonly id?: string | undefined;
  readonly settings: Settings;
}

/**
 * Makes the world and the pathway of a run known to this thread. Their fingerprints are compared before anything is imported.
 * @param path the run's folder
 * @param run as its `run.json` has it
 * @returns its settings, with where they were found
 * @throws UsageError for code that is gone, that nobody here has named, allowed or trained with, that is another one, or has
 *   changed although it must not
 */
export async function findPluginsOfRun<
  Settings extends { readonly env: WorldChoice; readonly config: AgentConfig },
>(path: string, run: PluginsOfRun<Settings>, finding: PluginFinding = {}): Promise<Settings> {
  const { env, config } = run.settings;
  const { pathway, pathwaySource: before, ...options } = config;
  const find = <Spec extends { readonly id: string }>(
    kind: PluginKind<Spec>,
    choice: Omit<WorldChoice, 'options'>,
    moved: string | undefined,
  ) => findOfRun(kind, { path, id: run.id }, choice, moved, finding);
  const source = await find(worlds, env, finding.env);
  const agent = { id: pathway, source: pathwaySourceOf(config) };
  const pathwaySource = await find(pathways, agent, agent.source && finding.agent);
  return {
    ...run.settings,
    env: { ...env, ...(source && { source }) },
    config: { pathway, ...options, ...(pathwaySource && { pathwaySource }) },
  };
}

/**
 * Refuses a pathway that was named as moved where none of the runs has one of its user's own.
 * @param agent the option `--agent`
 * @throws UsageError
 */
export function requireOwnPathway(
  agent: string | undefined,
  runs: readonly { readonly path: string; readonly config: AgentConfig }[],
): void {
  if (agent === undefined || runs.some(({ config }) => pathwaySourceOf(config))) return;
  const [{ path, config }] = runs as [(typeof runs)[number]];
  throw new UsageError(
    `--agent ${agent} does nothing, since the pathway of ${path}, ${config.pathway}, comes with timegrid: leave it out`,
  );
}

/**
 * Records that this user trains a run, or runs a study, with this code.
 * @param subject the run's id, or the study's file
 * @throws Failure where the records cannot be written
 */
export async function trustPlugins(
  subject: string | undefined,
  { env, config }: { readonly env: WorldChoice; readonly config: AgentConfig },
): Promise<void> {
  for (const source of [env.source, pathwaySourceOf(config)]) {
    if (!source || subject === undefined) continue;
    const { placeOf } = await import('./load.ts');
    const path = placeOf(referenceOf(source.given), source.from);
    if (path !== undefined) recordTrust({ for: subject, path, version: source.version });
  }
}

interface RunName {
  readonly path: string;
  readonly id: string | undefined;
}

/** @returns where it was found; undefined for one that comes with this package */
async function findOfRun<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  run: RunName,
  { id, source: before }: Omit<WorldChoice, 'options'>,
  moved: string | undefined,
  { onNote, allowCode = false, unchanged = [] }: PluginFinding,
): Promise<PluginSource | undefined> {
  if (moved === undefined && !before) {
    kind.find(id);
    return undefined;
  }
  const isChanged = (version: string) => before !== undefined && before.version !== version;
  const requireUnchanged = (given: string, version: string): void => {
    if (!isChanged(version) || !unchanged.includes(kind.noun)) return;
    const anyway =
      kind === (worlds as unknown)
        ? `, resume in the changed one (train --run ${run.path} --resume --allow-changed-world --env ${given})`
        : '';
    throw new UsageError(
      `${changeOf(id, before!, { given, version })} since ${run.path} was started: restore it${anyway}, or start another run`,
    );
  };
  const gate: Gate = (code) => {
    requireUnchanged(code.given, code.version);
    if (moved !== undefined || allowCode) return { coveredOnly: false };
    requireTrusted(kind, run, id, before!, code);
    return { coveredOnly: true };
  };
  const { spec, source } =
    moved === undefined
      ? await findAgain(kind, run.path, id, before!, gate)
      : await findPlugin(kind, moved, undefined, gate);
  if (spec.id !== id) {
    const given = moved ?? before!.given;
    const found = given === spec.id ? `not ${given}` : `but ${given} is ${spec.id}`;
    throw new UsageError(
      `${run.path} was trained with ${id}, ${found}: name the file or the package of ${id} with ${kind.flag}`,
    );
  }
  if (source && isChanged(source.version)) {
    requireUnchanged(source.given, source.version);
    onNote?.(`${changeOf(id, before!, source)} since ${run.path} was trained`);
  }
  return source;
}

/** @throws UsageError unless the run was trained on this machine with exactly this code */
function requireTrusted(
  { flag }: Pick<PluginKind<never>, 'flag'>,
  { path, id: subject }: RunName,
  id: string,
  before: PluginSource,
  { given, place, version }: FoundCode,
): void {
  const file = given.includes('#') && !given.startsWith('.') ? given : nearPath(place);
  const advice = `name it with ${flag} ${file}, or give --allow-code`;
  const code = `${place} (${version})`;
  if (before.version !== version) {
    throw new UsageError(
      `${changeOf(id, before, { given, version })} since ${path} was trained, and is now ${code}: if you trust it as it is, ${advice}`,
    );
  }
  if (subject !== undefined && isTrusted({ for: subject, path: place, version })) return;
  throw new UsageError(
    `${path} runs code that it was not trained with on this machine, ${id} in ${code}: read it, then ${advice}`,
  );
}

/** Finds it where it was, or else by the same name from here, since a project may have been moved as a whole. */
async function findAgain<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  path: string,
  id: string,
  { given, from, version }: PluginSource,
  gate: Gate,
): Promise<LoadedPlugin<Spec>> {
  const { loadedAs, placeOf } = await import('./load.ts');
  const present = loadedAs(kind, id, version);
  if (present) return present;
  const reference = referenceOf(given);
  const place = [from, process.cwd()].find((folder) => placeOf(reference, folder) !== undefined);
  if (place !== undefined) return findPlugin(kind, given, place, gate);
  const isFile = reference.kind === 'file';
  const where = isFile
    ? `from ${resolve(from, reference.module)}, which is gone`
    : `from the package ${given}, which is no longer installed in ${from}`;
  throw new UsageError(
    `${path} was trained with ${id} ${where}: say where it is now, such as ${kind.flag} ${isFile ? `./my-${kind.noun}.ts` : given}`,
  );
}

function changeOf(
  id: string,
  before: Pick<PluginSource, 'version'>,
  now: Pick<PluginSource, 'given' | 'version'>,
): string {
  const [then, present] = [before, now].map(
    ({ version }) => /^[^:]*(?=\+sha256:)/.exec(version)?.[0],
  );
  if (then === undefined || present === undefined)
    return `${id} in ${now.given}, or a file that it imports, has changed`;
  if (then === present)
    return `${id} in ${now.given} has changed, although its version is still ${then}`;
  return `${id} in ${now.given} has changed from version ${then} to ${present}`;
}
