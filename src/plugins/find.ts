import { resolve } from 'node:path';
import { UsageError } from '../common/errors.ts';
import { type LoadedPlugin, type PluginKind, sources } from './kind.ts';
import { readReference, referenceOf } from './reference.ts';

/**
 * What a person names: an id, a file that exports it, or one of a package.
 * @param from the folder from which a file or a package is looked for
 * @throws UsageError for a file or a package that holds no such thing; an error that names the closest id
 */
export async function findPlugin<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  named: string,
  from: string = process.cwd(),
): Promise<LoadedPlugin<Spec>> {
  if (readReference(named)) {
    const { loadPlugin } = await import('./load.ts');
    return loadPlugin(kind, named, resolve(from));
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
