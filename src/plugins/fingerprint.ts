import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { UsageError } from '../common/errors.ts';
import { MOST_TEXT, readBytes } from '../common/read-file.ts';
import {
  importedFile,
  importsOf,
  isFile,
  isOfFile,
  isScript,
  isTypeScript,
  packageFolder,
  packageOf,
  readPackage,
  withoutTypes,
} from './modules.ts';

/** What a module or a package is made of. */
export interface Fingerprint {
  /** `sha256:…` of a file, the same wherever the files lie together; `1.2.3+sha256:…` of a package. */
  readonly version: string;
  /** The SHA-256 of each file by its path (absolute, no symbolic links), the module itself first. */
  readonly files: ReadonlyMap<string, string>;
}

/** Of a package that is taken as a whole. */
const MOST_FILES = 10_000;
const MOST_BYTES = 256 * 2 ** 20;

export const digestOf = (content: Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/**
 * Follows the imports of a file as they are written, without running anything: imports, `require('./x')` and `new URL('./x.js',
 * import.meta.url)`. What a module reads or imports by a name that it makes up is not covered; of a package that it imports, the
 * version is.
 * @param entry absolute, no symbolic links
 * @throws CompileError; an error of the system for the file itself
 */
export function fingerprintFile(entry: string): Fingerprint {
  const hash = createHash('sha256');
  const files = new Map<string, string>();
  const packages = new Set<string>();
  const follow = (path: string): void => {
    if (files.has(path)) return;
    const bytes = readBytes(path, MOST_TEXT);
    files.set(path, digestOf(bytes));
    const content = isUtf8(bytes) ? bytes.toString() : `base64:${bytes.toString('base64')}`;
    // The name of the entry does not count, because it may be renamed.
    const name = path === entry ? '' : slashed(relative(dirname(entry), path));
    hash.update(JSON.stringify([name, content]));
    if (!isScript(path)) return;
    for (const specifier of importsOf(isTypeScript(path) ? withoutTypes(content, path) : content)) {
      if (isOfFile(specifier)) {
        const file = importedFile(specifier, path);
        if (isFile(file)) follow(fs.realpathSync(file)); // importing it says that it is missing
      } else if (!isBuiltin(specifier)) {
        addPackage(packages, packageOf(specifier), dirname(path));
      }
    }
  };
  follow(entry);
  hash.update(JSON.stringify([...packages].sort()));
  return { version: `sha256:${hash.digest('hex')}`, files };
}

/**
 * Every file of a package but those that are installed in it, and the versions of the packages that it depends on.
 * @param folder absolute, no symbolic links
 * @throws UsageError for a package that is too large or without a sound package.json; an error of the system
 */
export function fingerprintPackage(folder: string): Fingerprint {
  const hash = createHash('sha256');
  const files = new Map<string, string>();
  let bytes = 0;
  for (const path of filesIn(folder)) {
    bytes += fs.statSync(path).size;
    if (files.size === MOST_FILES || bytes > MOST_BYTES) {
      throw new UsageError(
        `the package in ${folder} is too large to be fingerprinted (more than ${MOST_FILES} files or ${MOST_BYTES / 2 ** 20} MiB): name the file in it instead`,
      );
    }
    const digest = digestOf(readBytes(path, MOST_BYTES));
    files.set(path, digest);
    hash.update(JSON.stringify([slashed(relative(folder, path)), digest]));
  }
  const { version, dependencies } = readPackage(folder);
  const packages = new Set<string>();
  for (const name of dependencies) addPackage(packages, name, folder);
  hash.update(JSON.stringify([...packages].sort()));
  return { version: `${version}+sha256:${hash.digest('hex')}`, files };
}

function addPackage(packages: Set<string>, name: string, from: string): void {
  const folder = name === 'timegrid' ? undefined : packageFolder(name, from);
  if (folder) packages.add(`${name}@${readPackage(folder).version}`);
}

/** In the same order everywhere. Links lead out of the package or in a circle, so they are not followed. */
function* filesIn(folder: string): Generator<string> {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isFile()) yield path;
    else if (entry.isDirectory() && !['node_modules', '.git'].includes(entry.name)) {
      yield* filesIn(path);
    }
  }
}

const slashed = (path: string): string => path.split(sep).join('/');
