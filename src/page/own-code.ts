import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename } from 'node:path';
import { parse } from 'es-module-lexer';
import { UsageError } from '../common/errors.ts';
import { readText } from '../common/read-file.ts';
import { placeOf } from '../plugins/load.ts';
import {
  importedFile,
  isOfFile,
  isScript,
  isTypeScript,
  withoutTypes,
} from '../plugins/modules.ts';
import type { PluginSource } from '../plugins/plugin-source.ts';
import { referenceOf } from '../plugins/reference.ts';
import type { PageModule } from './browser/page-file.ts';

/** What a page provides for the code that it carries: `own-modules.ts` has them. */
const PROVIDED = ['timegrid/env', 'timegrid/agent', 'zod'];

/**
 * The modules of users' own worlds and pathways, each after those that it imports.
 * @throws UsageError for code that a browser cannot run: what it imports must be files of its own, `timegrid/env`, `timegrid/agent`
 *   or `zod`
 */
export function modulesOf(sources: readonly PluginSource[]): PageModule[] {
  const modules: PageModule[] = [];
  const places = new Map<string, number | 'open'>();
  const add = (path: string): number => {
    const known = places.get(path);
    if (known === 'open') {
      throw new UsageError(
        `${path} imports itself by way of other files, which a page cannot carry: let one of them do without the other`,
      );
    }
    if (known !== undefined) return known;
    places.set(path, 'open');
    const text = readText(path);
    const code = isTypeScript(path) ? withoutTypes(text, path) : text;
    const imports = importsIn(code, path).map(({ from, to, specifier }) => {
      const target = PROVIDED.includes(specifier) ? specifier : add(fileOf(specifier, path));
      return { from, to, target };
    });
    modules.push({ name: basename(path), code, imports });
    places.set(path, modules.length - 1);
    return modules.length - 1;
  };
  for (const { given, from } of sources) {
    const reference = referenceOf(given);
    const place = placeOf(reference, from);
    if (reference.kind === 'package' || place === undefined) {
      throw new UsageError(
        `a page carries worlds and pathways from files only, and ${given} is a package: name its file with --env or --agent`,
      );
    }
    add(fs.realpathSync(place));
  }
  return modules;
}

interface Import {
  readonly from: number;
  readonly to: number;
  readonly specifier: string;
}

function importsIn(code: string, path: string): Import[] {
  const [imports] = parse(code);
  return imports.flatMap((one) => {
    if (!('specifier' in one)) return []; // import.meta
    const { specifier, start, end } = one;
    if (specifier === undefined || specifier === null || (one.type === 'dynamic' && one.glob)) {
      throw new UsageError(
        `${path} imports a module by a name that it makes up, which a page cannot carry`,
      );
    }
    // The place of a dynamic import's name includes its quotes.
    const quote = one.type === 'dynamic' ? 1 : 0;
    return [{ from: start + quote, to: end - quote, specifier }];
  });
}

function fileOf(specifier: string, importer: string): string {
  if (!isOfFile(specifier)) {
    const what = isBuiltin(specifier) ? 'is part of Node, not of browsers' : 'is a package';
    throw new UsageError(
      `${importer} imports ${specifier}, which ${what}: a page carries a world's own files, which may import ${PROVIDED.join(', ')}`,
    );
  }
  const path = importedFile(specifier, importer);
  if (isScript(path) && fs.existsSync(path)) return fs.realpathSync(path);
  throw new UsageError(
    `${importer} imports ${specifier}, which is no JavaScript or TypeScript file`,
  );
}

export const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/** Names content by itself. */
export const hashOf = (content: string | Uint8Array): string => sha256(content).slice(0, 12);
