import fs from 'node:fs';
import * as nodeModule from 'node:module';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EnvSpec } from '../../env/contract.ts';
import { register, specs } from '../../env/registry.ts';
import { UsageError } from '../common/errors.ts';
import { chooseSpec } from './choose-export.ts';
import { type Fingerprint, fingerprint } from './fingerprint.ts';
import * as hooks from './hooks.ts';
import { importTrouble } from './import-error.ts';
import {
  isFile,
  isJavaScript,
  isTypeScript,
  packageFolder,
  packageOf,
  packageVersion,
} from './modules.ts';
import { requireEnv } from './require-env.ts';
import { type LoadedWorld, type Reference, readReference, sources } from './source.ts';

export interface LoadOptions {
  /** The folder from which a file or a package is looked for; by default the present one. */
  readonly from?: string;
}

/** Worlds by where they were found. */
const loaded = new Map<string, LoadedWorld>();

/**
 * Imports a world and registers it, so that `make` finds it in this thread and trainings in theirs.
 * @param given a file, such as `./my-world.ts`, or a package, each perhaps with `#` and the name of an export or the id of a world
 * @throws UsageError in one sentence for whatever keeps it from being a world
 */
export async function loadWorld(
  given: string,
  { from = process.cwd() }: LoadOptions = {},
): Promise<LoadedWorld> {
  const reference = readReference(given) ?? { kind: 'package', module: given };
  const place = placeOf(reference, from);
  if (place === undefined) throw new UsageError(missing(given, reference, from));
  const key = `${place}#${reference.name ?? ''}`;
  const known = loaded.get(key);
  if (known) return known;
  const { version, files } = madeOf(given, reference, place);
  const exports = await importing(given, reference, from, place, files);
  const spec = chooseSpec(given, reference, exports);
  requireEnv(given, spec, files);
  makeKnown(spec, given, place);
  const world = { spec, source: { given, from, version } };
  sources.set(spec.id, world.source);
  loaded.set(key, world);
  return world;
}

/** Where a file or a package is: absolute, with no symbolic links; undefined where there is nothing. */
export function placeOf({ kind, module }: Reference, from: string): string | undefined {
  const place = kind === 'file' ? resolve(from, module) : packageFolder(packageOf(module), from);
  return place !== undefined && fs.existsSync(place) ? fs.realpathSync(place) : undefined;
}

/** @throws UsageError for a file that is none, or does not compile */
function madeOf(given: string, { kind }: Reference, place: string): Fingerprint {
  if (kind === 'package') return { version: packageVersion(place), files: [] };
  if (!isFile(place)) {
    throw new UsageError(`${given} is a folder; name the file in it that exports the world`);
  }
  if (!isTypeScript(place) && !isJavaScript(place)) {
    throw new UsageError(
      `${given} is no module: a world is a file that ends in .ts, .mts, .js or .mjs`,
    );
  }
  try {
    return fingerprint(place);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(importTrouble(given, error, [place]), { cause: error });
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
    giveUp = () => reject(new UsageError(`${given} never ends being imported: it awaits for ever`));
  });
  process.once('beforeExit', giveUp);
  try {
    const url = hooks.worldUrl(kind === 'file' ? pathToFileURL(place).href : module, from);
    return { ...(await Promise.race([import(url), stuck])) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(importTrouble(given, error, files), { cause: error });
  } finally {
    process.off('beforeExit', giveUp);
  }
}

function missing(given: string, { kind, module }: Reference, from: string): string {
  if (kind === 'file') {
    return `there is no file ${relative(process.cwd(), resolve(from, module)) || module} to take a world from; check the spelling, or write one with timegrid new-env`;
  }
  const name = packageOf(module);
  return `${given}: no package ${name} is installed in ${from} or above it; install it there (npm install ${name}), or name a file (./${module}.ts)`;
}

/** @throws UsageError for an id that is malformed or belongs to another world */
function makeKnown(spec: EnvSpec, given: string, place: string): void {
  const present = specs().find(({ id }) => id === spec.id);
  if (present === spec) return;
  const other = [...loaded].find(([, world]) => world.spec === present)?.[0];
  if (other !== undefined) {
    throw new UsageError(
      `${place} and ${other.replace(/#$/, '')} both hold a world ${spec.id}: give one of them another id`,
    );
  }
  try {
    register(spec);
  } catch (error) {
    throw new UsageError(`${given}: ${(error as Error).message}`, { cause: error });
  }
}
