import fs from 'node:fs';
import { relative, resolve } from 'node:path';
import { describeThrown } from '../../env/guard/thrown.ts';
import { reportingSystemErrors, UsageError } from '../common/errors.ts';
import { chooseExport } from './choose-export.ts';
import { type Fingerprint, fingerprintFile, fingerprintPackage } from './fingerprint.ts';
import { importProblem } from './import-error.ts';
import { importModule } from './import-module.ts';
import { type LoadedPlugin, type PluginKind, sources } from './kind.ts';
import { isFile, isJavaScript, isTypeScript, packageFolder, packageOf } from './modules.ts';
import { type Reference, referenceOf } from './reference.ts';

/** Specs by their kind and where they were found. */
const loaded = new Map<string, LoadedPlugin<{ readonly id: string }>>();

/** Code that has been found and not yet imported. */
export interface FoundCode {
  readonly given: string;
  /** Its file, or its package's folder: absolute, no symbolic links. */
  readonly place: string;
  readonly version: string;
}

/**
 * Decides whether code may be imported, before any of it is.
 * @returns whether only files that its fingerprint covers may be
 * @throws UsageError where it may not
 */
export type Gate = (code: FoundCode) => { readonly coveredOnly: boolean };

/** For what a person names on the command line, or a program in its call. */
export const named: Gate = () => ({ coveredOnly: false });

/** For what another thread of this program has let in: it has to be the same still. */
export const inVersion =
  (version: string): Gate =>
  (code) => {
    if (code.version === version) return { coveredOnly: false };
    throw new UsageError(
      `${code.given}, or a file that it imports, has changed since this command began: run it again`,
    );
  };

/**
 * Imports a world, a pathway or a cell and registers it, so that it is found by its id in this thread.
 * @param given a file, such as `./my-world.ts`, or a package, each perhaps with `#` and the name of an export or an id
 * @param from the folder from which a file or a package is looked for, absolute
 * @param gate is not asked about what this thread has imported already
 * @throws UsageError in one sentence for whatever keeps it from being one
 */
export async function loadPlugin<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  given: string,
  from: string,
  gate: Gate = named,
): Promise<LoadedPlugin<Spec>> {
  const reference = referenceOf(given);
  const place = placeOf(reference, from);
  if (place === undefined) throw new UsageError(missing(kind, given, reference, from));
  const key = `${kind.noun} ${place}#${reference.name ?? ''}`;
  const known = loaded.get(key);
  if (known) return known as LoadedPlugin<Spec>;
  const made = madeOf(kind.noun, given, reference, place);
  const { version } = made;
  const { coveredOnly } = gate({ given, place, version });
  const exports = await importModule({ given, reference, from, place, made, coveredOnly });
  const spec = chooseExport(kind, given, reference, exports);
  inspect(kind, given, spec);
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
  const made = madeOf('plugin', given, reference, place);
  return importModule({ given, reference, from, place, made, coveredOnly: false });
}

/** The one that this thread has imported under an id in a version, wherever it was. */
export function loadedAs<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  id: string,
  version: string,
): LoadedPlugin<Spec> | undefined {
  const plugins = [...loaded].filter(([key]) => key.startsWith(`${kind.noun} `));
  const found = plugins.find(
    ([, { spec, source }]) => spec.id === id && source?.version === version,
  );
  return found?.[1] as LoadedPlugin<Spec> | undefined;
}

/** @throws UsageError for what `create` throws, and for what is wrong with what it makes */
function inspect<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  given: string,
  spec: Spec,
): void {
  let problem: string | undefined;
  try {
    problem = kind.inspect(spec);
  } catch (error) {
    if ((error as Error | undefined)?.name === 'OptionError') return; // some options have no default
    throw new UsageError(`${given}: creating a ${spec.id} throws: ${describeThrown(error)}`, {
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
  if (kind === 'package') {
    return reportingSystemErrors('read the package in', place, () => fingerprintPackage(place));
  }
  if (!isFile(place)) {
    throw new UsageError(`${given} is a folder; name the file in it that exports the ${noun}`);
  }
  if (!isTypeScript(place) && !isJavaScript(place)) {
    throw new UsageError(
      `${given} is not a module: a ${noun} is a file that ends in .ts, .mts, .js or .mjs`,
    );
  }
  try {
    return fingerprintFile(place);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(importProblem(given, error, [place]), { cause: error });
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
