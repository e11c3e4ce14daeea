import fs from 'node:fs';
import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/wasm-typescript';
import { parse } from 'es-module-lexer';
import { UsageError } from '../common/errors.ts';
import { parseJson } from '../common/parse-json.ts';
import { readText } from '../common/read-file.ts';

/** A file does not compile. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
}

export const isTypeScript = (path: string): boolean => /\.m?ts$/.test(path);
export const isJavaScript = (path: string): boolean => /\.m?js$/.test(path);
export const isInstalled = (path: string): boolean => /[/\\]node_modules[/\\]/.test(path);

/**
 * TypeScript with blanks for its types, so that every line and column stays where it is.
 * @throws CompileError whose message ends in the file, the line and the column
 */
export function withoutTypes(source: string, path: string): string {
  try {
    const options = { mode: 'strip-only', module: true, filename: path } as const;
    return transformSync(source, options).code;
  } catch (error) {
    const { code, message, startLine, startColumn } = error as Record<string, unknown>;
    const hint =
      code === 'UnsupportedSyntax' ? '; only types that can be left out are taken, as by Node' : '';
    const what = String(message ?? error).replace(' in strip-only mode', '');
    const place =
      startLine === undefined ? path : `${path}:${startLine}:${Number(startColumn) + 1}`;
    throw new CompileError(`${what}${hint} (${place})`);
  }
}

/** Whether JavaScript is a module by its syntax. */
export function isModule(code: string): boolean {
  try {
    return parse(code)[3];
  } catch {
    return true; // it does not compile, which importing it will say
  }
}

/** `require('./x')` and `new URL('./x.js', import.meta.url)`, by which code takes in other code without importing it. */
const TAKEN_IN =
  /\brequire\(\s*(['"`])(\.{1,2}\/[^'"`]+)\1\s*\)|\bnew\s+URL\(\s*(['"`])(\.{1,2}\/[^'"`]+\.(?:[cm]?js|m?ts|wasm|node))\3\s*,\s*import\.meta\.url\s*\)/g;

/** What a module imports or takes in where it says so in plain text, in the order of the text. */
export function importsOf(code: string): string[] {
  const others = [...code.matchAll(TAKEN_IN)].map(([, , required, , url]) => required ?? url!);
  try {
    const [imports] = parse(code);
    const imported = imports.flatMap((one) =>
      'specifier' in one && one.specifier ? [one.specifier] : [],
    );
    return [...imported, ...others];
  } catch {
    return others;
  }
}

/** Whether a file is code that may take in other files. */
export const isScript = (path: string): boolean =>
  isTypeScript(path) || isJavaScript(path) || path.endsWith('.cjs');

/** Whether an import names a file, not a package. */
export const isOfFile = (specifier: string): boolean =>
  /^(\.{1,2}\/|file:)/.test(specifier) || isAbsolute(specifier);

/** Endings that may be left out, and what is meant by those of compiled files. */
const ENDINGS = ['.ts', '.mts', '.js', '.mjs'];
const COMPILED: Readonly<Record<string, string>> = { '.js': '.ts', '.mjs': '.mts' };

/** The file that a relative import means: the very one, else the TypeScript that it would be compiled from, else with an ending. */
export function importedFile(specifier: string, importer: string): string {
  const bare = specifier.replace(/[?#].*$/s, '');
  const path = bare.startsWith('file:') ? fileURLToPath(bare) : inFolderOf(importer, bare);
  const ending = extname(path);
  const alternatives = [
    ...(COMPILED[ending] ? [path.slice(0, -ending.length) + COMPILED[ending]] : []),
    ...ENDINGS.map((other) => path + other),
  ];
  return [path, ...alternatives].find(isFile) ?? path;
}

function inFolderOf(importer: string, specifier: string): string {
  return resolve(dirname(importer), decodeURIComponent(specifier));
}

export const isFile = (path: string): boolean =>
  fs.statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The folder of an installed package, looked for as Node does; undefined where there is none. */
export function packageFolder(name: string, from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (isFile(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return undefined;
  }
}

/** `some-package` of `some-package/worlds`, `@scope/package` of `@scope/package/worlds`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** What a package says of itself. @throws UsageError for one whose `package.json` cannot be read */
export function readPackage(folder: string): {
  readonly version: string;
  readonly dependencies: readonly string[];
} {
  const path = join(folder, 'package.json');
  const text = readText(path);
  try {
    const { version = 'no version', dependencies } = Object(parseJson(text));
    return { version: String(version), dependencies: Object.keys(Object(dependencies)) };
  } catch (error) {
    const reason = (error as Error).message.replace(/\s*\n\s*/g, ' ');
    throw new UsageError(`${path} is not JSON: ${reason}; install the package again`);
  }
}
