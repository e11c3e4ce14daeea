/**
 * Node's customisation hooks for the modules of a user's own worlds and pathways. TypeScript loses its types, a relative import
 * finds TypeScript by the name of what it compiles to, and `timegrid` is this very program, wherever the files are. All other
 * modules are left alone. Node runs `resolve` and `load` in this thread or in another, depending on its version.
 */

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readText } from '../common/read-file.ts';
import {
  importedFile,
  isInstalled,
  isJavaScript,
  isModule,
  isRelative,
  isTypeScript,
  withoutTypes,
} from './modules.ts';

const SCHEME = 'timegrid-plugin:';

/** What to import to get a module, found from a folder, with these hooks. */
export function pluginUrl(module: string, from: string): string {
  return SCHEME + encodeURIComponent(JSON.stringify([module, from]));
}

interface Context {
  readonly parentURL?: string;
}
interface Resolved {
  readonly url: string;
  readonly shortCircuit?: boolean;
}
interface Loaded {
  readonly format: string;
  readonly source: string;
  readonly shortCircuit: boolean;
}
/** Node's own hooks give a promise where they run in a thread of their own. */
type Maybe<T> = T | Promise<T>;

/** URLs of the modules that make up worlds and pathways. */
const modules = new Set<string>();
const self = createRequire(import.meta.url);

export function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Maybe<Resolved>,
): Maybe<Resolved> {
  if (specifier.startsWith(SCHEME)) {
    const [module, from] = JSON.parse(decodeURIComponent(specifier.slice(SCHEME.length)));
    const parentURL = pathToFileURL(join(from, 'from-here')).href;
    return remembered(next(module, { ...context, parentURL }));
  }
  const { parentURL } = context;
  if (parentURL === undefined || !modules.has(parentURL)) return next(specifier, context);
  if (specifier === 'timegrid' || specifier.startsWith('timegrid/')) {
    return { url: pathToFileURL(self.resolve(specifier)).href, shortCircuit: true };
  }
  if (!isRelative(specifier)) return remembered(next(specifier, context));
  const file = importedFile(specifier, fileURLToPath(parentURL));
  const query = /[?#].*$/s.exec(specifier)?.[0] ?? '';
  return remembered(next(pathToFileURL(file).href + query, context));
}

export function load<C>(
  url: string,
  context: C,
  next: (url: string, context: C) => Maybe<Loaded>,
): Maybe<Loaded> {
  if (!modules.has(url) || !url.startsWith('file:')) return next(url, context);
  const path = fileURLToPath(url);
  if (isTypeScript(path)) {
    const source = withoutTypes(readText(path), path);
    return { format: 'module', source, shortCircuit: true };
  }
  if (isJavaScript(path) && !isInstalled(path)) {
    const source = readText(path);
    if (isModule(source)) return { format: 'module', source, shortCircuit: true };
  }
  return next(url, context);
}

function remembered(resolved: Maybe<Resolved>): Maybe<Resolved> {
  if (resolved instanceof Promise) return resolved.then(remembered);
  modules.add(resolved.url);
  return resolved;
}
