/**
 * Node's customisation hooks for the modules of a user's own worlds, pathways and cells. TypeScript loses its types, a relative import
 * finds TypeScript by the name of what it compiles to, and `timegrid` is this very program, wherever the files are. Whatever the
 * fingerprint covers is imported as it was when the fingerprint was taken, or not at all. All other modules are left alone. Node
 * runs `resolve` and `load` in this thread or in another, depending on its version.
 */

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MOST_TEXT, readBytes } from '../common/read-file.ts';
import { digestOf } from './fingerprint.ts';
import {
  importedFile,
  isInstalled,
  isJavaScript,
  isModule,
  isOfFile,
  isTypeScript,
  withoutTypes,
} from './modules.ts';

const SCHEME = 'timegrid-plugin:';

/** What may be imported. */
export interface Cover {
  /** The SHA-256 of each file that the fingerprint covers, by its path. */
  readonly files: Readonly<Record<string, string>>;
  /** Whether files that it does not cover are refused, those of other packages excepted. */
  readonly only: boolean;
}

/** What to import to get a module, found from a folder, with these hooks. */
export function pluginUrl(module: string, from: string, cover: Cover): string {
  return SCHEME + encodeURIComponent(JSON.stringify([module, from, cover]));
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
  readonly source: string | Uint8Array;
  readonly shortCircuit: boolean;
}
/** Node's own hooks give a promise where they run in a thread of their own. */
type Maybe<T> = T | Promise<T>;

/** The modules that make up worlds, pathways and cells by their URLs; null: of a package that one of them imports. */
const modules = new Map<string, Cover | null>();
const self = createRequire(import.meta.url);

export function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Maybe<Resolved>,
): Maybe<Resolved> {
  if (specifier.startsWith(SCHEME)) {
    const [module, from, cover] = JSON.parse(decodeURIComponent(specifier.slice(SCHEME.length)));
    const parentURL = pathToFileURL(join(from, 'from-here')).href;
    return remembered(next(module, { ...context, parentURL }), cover);
  }
  const { parentURL } = context;
  const cover = parentURL === undefined ? undefined : modules.get(parentURL);
  if (cover === undefined) return next(specifier, context);
  if (specifier === 'timegrid' || specifier.startsWith('timegrid/')) {
    return { url: pathToFileURL(self.resolve(specifier)).href, shortCircuit: true };
  }
  const isOfPackage = !isOfFile(specifier) && !/^(#|data:)/.test(specifier);
  if (isOfPackage) return remembered(next(specifier, context), null);
  if (!specifier.startsWith('.')) return remembered(next(specifier, context), cover);
  const file = importedFile(specifier, fileURLToPath(parentURL!));
  const query = /[?#].*$/s.exec(specifier)?.[0] ?? '';
  return remembered(next(pathToFileURL(file).href + query, context), cover);
}

interface LoadContext {
  readonly format?: string | null | undefined;
  readonly importAttributes?: { readonly type?: string };
}

export function load<C extends LoadContext>(
  url: string,
  context: C,
  next: (url: string, context: C) => Maybe<Loaded>,
): Maybe<Loaded> {
  const cover = modules.get(url);
  if (cover === undefined || !url.startsWith('file:')) return next(url, context);
  const path = fileURLToPath(url);
  const content = readBytes(path, MOST_TEXT);
  if (cover) requireCovered(path, content, cover);
  if (isTypeScript(path)) {
    const source = withoutTypes(content.toString(), path);
    return { format: 'module', source, shortCircuit: true };
  }
  const isOwnModule = isJavaScript(path) && !isInstalled(path) && isModule(content.toString());
  const format = isOwnModule ? 'module' : context.format;
  const isJson = format === 'json' && context.importAttributes?.type === 'json';
  // Node itself reads what is CommonJS, an addon or WebAssembly, a moment later.
  if (format !== 'module' && !isJson) return next(url, context);
  return { format, source: content, shortCircuit: true };
}

/** @throws Error for a file that is not as it was when the fingerprint was taken, or that it does not cover although it must */
function requireCovered(path: string, content: Uint8Array, { files, only }: Cover): void {
  const digest = files[path];
  if (digest === digestOf(content)) return;
  if (digest === undefined && !only) return;
  const problem =
    digest === undefined
      ? 'is imported by a name that the code makes up, which the record of trusted code does not cover; name the file, or give --allow-code'
      : 'has changed since its fingerprint was taken a moment ago; run the same command again';
  // As one of Node's own errors, whose code survives the way out of the thread of the hooks.
  throw Object.assign(new Error(`${path} ${problem}`), { code: 'ERR_MODULE_NOT_COVERED' });
}

function remembered(resolved: Maybe<Resolved>, cover: Cover | null): Maybe<Resolved> {
  if (resolved instanceof Promise) return resolved.then((one) => remembered(one, cover));
  modules.set(resolved.url, cover);
  return resolved;
}
