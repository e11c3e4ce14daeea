import fs from 'node:fs';
import * as nodeModule from 'node:module';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../common/errors.ts';
import { chooseExport } from './choose-export.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import * as hooks from './hooks.ts';
import { importProblem, placeIn } from './import-error.ts';
import { type LoadedPlugin, type PluginKind, sources } from './kind.ts';
import {
  isFile,
  isJavaScript,
  isTypeScript,
  packageFolder,
  packageOf,
  packageVersion,
} from './modules.ts';
import { type Reference, referenceOf } from './reference.ts';

/** Specs by their kind and where they were found. */
const loaded = new Map<string, LoadedPlugin<{ readonly id: string }>>();

/**
 * Imports a world or a pathway and registers it, so that it is found by its id in this thread.
 * @param given a file, such as `./my-world.ts`, or a package, each perhaps with `#` and the name of an export or an id
 * @param from the folder from which a file or a package is looked for, absolute
 * @throws UsageError in one sentence for whatever keeps it from being one
 */
export async function loadPlugin<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  given: string,
  from: string,
): Promise<LoadedPlugin<Spec>> {
  const reference = referenceOf(given);
  const place = placeOf(reference, from);
  if (place === undefined) throw new UsageError(missing(kind, given, reference, from));
  const key = `${kind.noun} ${place}#${reference.name ?? ''}`;
  const known = loaded.get(key);
  if (known) return known as LoadedPlugin<Spec>;
  const { version, files } = madeOf(kind.noun, given, reference, place);
  const exports = await importing(given, reference, from, place, files);
  const spec = chooseExport(kind, given, reference, exports);
  inspect(kind, given, spec, files);
  registerOnce(kind, spec, given, place);
  const plugin = { spec, source: { given, from, version } };
  sources.set(spec, plugin.source);
  loaded.set(key, plugin);
  return plugin;
}

/** What a file or a package exports, by name. @throws UsageError where it cannot be imported */
export async function importPlugin(
  given: string,
  from: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const reference = referenceOf(given);
  const place = placeOf(reference, from);
  if (place === undefined) return undefined;
  const { files } = madeOf('plugin', given, reference, place);
  return importing(given, reference, from, place, files);
}

/**
 * @param files where its author may look for what it throws
 * @throws UsageError for what `create` throws, and for what is wrong with what it makes
 */
function inspect<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  given: string,
  spec: Spec,
  files: readonly string[],
): void {
  let problem: string | undefined;
  try {
    problem = kind.inspect(spec);
  } catch (error) {
    if ((error as Error | undefined)?.name === 'OptionError') return; // some options have no default
    const { message } = error instanceof Error ? error : { message: String(error) };
    const place = error instanceof Error ? placeIn(error, files) : undefined;
    const at = place ? ` (${place})` : '';
    throw new UsageError(`${given}: creating a ${spec.id} throws: ${message}${at}`, {
      cause: error,
    });
  }
  if (problem !== undefined) throw new UsageError(`${given}: ${problem}`);
}

/** Where a file or a package is: absolute, with no symbolic links; undefined where there is nothing. */
export function placeOf({ kind, module }: Reference, from: string): string | undefined {
  const place = kind === 'file' ? resolve(from, module) : packageFolder(packageOf(module), from);
  return place !== undefined && fs.existsSync(place) ? fs.realpathSync(place) : undefined;
}

/** @throws UsageError for a file that is not a module or does not compile */
function madeOf(noun: string, given: string, { kind }: Reference, place: string): Fingerprint {
  if (kind === 'package') return { version: packageVersion(place), files: [] };
  if (!isFile(place)) {
    throw new UsageError(`${given} is a folder; name the file in it that exports the ${noun}`);
  }
  if (!isTypeScript(place) && !isJavaScript(place)) {
    throw new UsageError(
      `${given} is not a module: a ${noun} is a file that ends in .ts, .mts, .js or .mjs`,
    );
  }
  try {
    return fingerprint(place);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(importProblem(given, error, [place]), { cause: error });
  }
}

let isInstalled = false;

/** Once in each thread. */
function installHooks(): void {
  if (isInstalled) return;
  isInstalled = true;
  const { registerHooks } = nodeModule as { registerHooks?: (given: object) => void };
  if (registerHooks) registerHooks({ resolve: hooks.resolve, load: hooks.load });
  else nodeModule.register('./hooks.js', import.meta.url);
}

/** @returns what the module exports, by name */
async function importing(
  given: string,
  { kind, module }: Reference,
  from: string,
  place: string,
  files: readonly string[],
): Promise<Record<string, unknown>> {
  installHooks();
  let giveUp = (): void => {};
  // A process with nothing left to do would end, silently and as if all were well.
  const stuck = new Promise<never>((_, reject) => {
    giveUp = () =>
      reject(
        new UsageError(
          `${given} never finishes being imported: it awaits something that never comes`,
        ),
      );
  });
  process.once('beforeExit', giveUp);
  try {
    const url = hooks.pluginUrl(kind === 'file' ? pathToFileURL(place).href : module, from);
    return { ...(await Promise.race([import(url), stuck])) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(importProblem(given, error, files), { cause: error });
  } finally {
    process.off('beforeExit', giveUp);
  }
}

function missing(
  { noun }: Pick<PluginKind<never>, 'noun'>,
  given: string,
  { kind, module }: Reference,
  from: string,
): string {
  if (kind === 'file') {
    const advice = noun === 'world' ? ', or write one with timegrid new-env' : '';
    return `there is no file ${relative(process.cwd(), resolve(from, module)) || module} to take a ${noun} from; check the spelling${advice}`;
  }
  const name = packageOf(module);
  return `${given}: no package ${name} is installed in ${from} or above it; install it there (npm install ${name}), or name a file (./${module}.ts)`;
}

/** @throws UsageError for an id that is malformed or belongs to another one */
function registerOnce<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  spec: Spec,
  given: string,
  place: string,
): void {
  const present = kind.specs().find(({ id }) => id === spec.id);
  if (present === spec) return;
  const other = [...loaded].find(([, plugin]) => plugin.spec === present)?.[0];
  if (other !== undefined) {
    const where = other.slice(kind.noun.length + 1).replace(/#$/, '');
    throw new UsageError(
      `${place} and ${where} both hold a ${kind.noun} ${spec.id}: give one of them another id`,
    );
  }
  try {
    kind.register(spec);
  } catch (error) {
    throw new UsageError(`${given}: ${(error as Error).message}`, { cause: error });
  }
}
