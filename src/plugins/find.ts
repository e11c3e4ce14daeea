import { resolve } from 'node:path';
import { UsageError } from '../common/errors.ts';
import { type LoadedPlugin, type PluginKind, sources } from './kind.ts';
import type { Gate } from './load.ts';
import type { PluginSource } from './plugin-source.ts';
import { readReference, referenceOf } from './reference.ts';

/**
 * What a person names: an id, a file that exports it, or one of a package.
 * @param from the folder from which a file or a package is looked for
 * @param gate decides whether its code may be imported; what a person names in this very command may
 * @throws UsageError for a file or a package that holds no such thing; an error that names the closest id
 */
export async function findPlugin<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  named: string,
  from: string = process.cwd(),
  gate?: Gate,
): Promise<LoadedPlugin<Spec>> {
  if (readReference(named)) {
    const { loadPlugin } = await import('./load.ts');
    return loadPlugin(kind, named, resolve(from), gate);
  }
  try {
    const spec = kind.find(named);
    return { spec, source: sources.get(spec) };
  } catch (error) {
    const { placeOf } = await import('./load.ts');
    const files = ['.ts', '.mts', '.js', '.mjs'].map((ending) => `./${named}${ending}`);
    const meant = [...files, `${named}#`].find((one) => placeOf(referenceOf(one), from));
    if (meant === undefined) throw error;
    throw new UsageError(`${(error as Error).message.split(';')[0]}; did you mean ${meant}?`);
  }
}

/**
 * Makes what another thread of this program has found known to this one, where it does not come with this package.
 * @throws UsageError where it has changed since, and as `findPlugin` does
 */
export async function findInThread<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  source: PluginSource | undefined,
): Promise<void> {
  if (!source) return;
  const { inVersion } = await import('./load.ts');
  await findPlugin(kind, source.given, source.from, inVersion(source.version));
}
