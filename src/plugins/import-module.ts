import * as nodeModule from 'node:module';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../common/errors.ts';
import { countPackage } from './error-place.ts';
import type { Fingerprint } from './fingerprint.ts';
import * as hooks from './hooks.ts';
import { importProblem } from './import-error.ts';
import type { Reference } from './reference.ts';
import { whileResponding } from './stuck-import.ts';

/** A module to be imported. */
export interface ModuleToImport {
  /** As it was named. */
  readonly given: string;
  readonly reference: Reference;
  /** The folder from which a package is looked for. */
  readonly from: string;
  /** The file, or the package's folder. */
  readonly place: string;
  readonly made: Fingerprint;
  /** Whether only files that the fingerprint covers may be imported. */
  readonly coveredOnly: boolean;
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

/**
 * Imports a module as its fingerprint has it.
 * @returns what it exports, by name
 * @throws UsageError in one sentence for one that throws, ends the process or never ends while it is imported
 */
export async function importModule(module: ModuleToImport): Promise<Record<string, unknown>> {
  const { given, reference, from, place, made, coveredOnly } = module;
  installHooks();
  if (reference.kind === 'package') countPackage(place);
  const cover = { files: Object.fromEntries(made.files), only: coveredOnly };
  const name = reference.kind === 'file' ? pathToFileURL(place).href : reference.module;
  const url = hooks.pluginUrl(name, from, cover);
  const paths = [...made.files.keys()];
  try {
    return await refusingExit(given, () =>
      whileResponding(given, async () => ({ ...(await import(url)) })),
    );
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(importProblem(given, error, paths), { cause: error });
  }
}

/** Code that ends the process while it is imported would do so silently, and perhaps as if all were well. */
async function refusingExit<Result>(given: string, action: () => Promise<Result>): Promise<Result> {
  const { exit } = process;
  let refuse: (error: Error) => void = () => {};
  const refused = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  refused.catch(() => {});
  const stub = (code?: unknown): never => {
    const error = new UsageError(
      `${given} calls process.exit(${code === undefined ? '' : String(code)}) when it is imported: it must only export`,
    );
    refuse(error);
    throw error;
  };
  process.exit = stub;
  nodeModule.syncBuiltinESMExports();
  try {
    return await Promise.race([action(), refused]);
  } finally {
    if (process.exit === stub) process.exit = exit;
    nodeModule.syncBuiltinESMExports();
  }
}
