import { createHash } from 'node:crypto';
import { isBuiltin } from 'node:module';
import { dirname, relative, sep } from 'node:path';
import { readText } from '../common/read-file.ts';
import {
  importedFile,
  importsOf,
  isFile,
  isJavaScript,
  isRelative,
  isTypeScript,
  packageFolder,
  packageOf,
  packageVersion,
  withoutTypes,
} from './modules.ts';

/** What a module is made of. */
export interface Fingerprint {
  /** `sha256:…`, the same wherever the files lie together. */
  readonly version: string;
  /** The module and all that it imports by relative paths, absolute, in the order of the imports. */
  readonly files: readonly string[];
}

/**
 * Follows the imports of a file as they are written, without running anything. What a module reads or imports by a name that it
 * makes up is not followed; of a package that it imports, the version counts.
 * @throws CompileError; an error of the system for the file itself
 */
export function fingerprint(entry: string): Fingerprint {
  const hash = createHash('sha256');
  const files: string[] = [];
  const packages = new Set<string>();
  const follow = (path: string): void => {
    if (files.includes(path)) return;
    files.push(path);
    const content = readText(path);
    // The name of the entry does not count, because it may be renamed.
    const name = path === entry ? '' : relative(dirname(entry), path).split(sep).join('/');
    hash.update(JSON.stringify([name, content]));
    const isScript = isTypeScript(path) || isJavaScript(path);
    if (!isScript) return;
    for (const specifier of importsOf(isTypeScript(path) ? withoutTypes(content, path) : content)) {
      if (isRelative(specifier)) {
        const file = importedFile(specifier, path);
        if (isFile(file)) follow(file); // importing it says that it is missing
      } else if (!isBuiltin(specifier)) {
        addPackage(packageOf(specifier), path);
      }
    }
  };
  const addPackage = (name: string, importer: string): void => {
    const folder = name === 'timegrid' ? undefined : packageFolder(name, dirname(importer));
    if (folder) packages.add(`${name}@${packageVersion(folder)}`);
  };
  follow(entry);
  hash.update(JSON.stringify([...packages].sort()));
  return { version: `sha256:${hash.digest('hex')}`, files };
}
