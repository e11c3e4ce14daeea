import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { locateErrors } from '../../env/guard/thrown.ts';
import { readText } from '../common/read-file.ts';
import { isInstalled } from './modules.ts';

/** The compiled program, or its source: no place of it is one of a user's own code. */
const OWN = fileURLToPath(new URL('../..', import.meta.url));
const LONGEST_LINE = 80;

/** A line of a stack that ends in a file, its line and its column. */
const FRAME = /(?:^|[\s(])((?:file:\/\/|\/|[A-Za-z]:[\\/]).*):(\d+):(\d+)\)?$/;

interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** The places of a stack in files that are not this program's, the innermost first. */
function placesIn(stack: string): Place[] {
  return stack.split('\n').flatMap((text) => {
    const [, file, line, column] = FRAME.exec(text) ?? [];
    if (file === undefined) return [];
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    return path.startsWith(OWN) ? [] : [{ path, line: Number(line), column: Number(column) }];
  });
}

/** Where in its author's code a stack is, with that line: `my-world.ts:12:7: return this.#list.length;` */
export function placeInStack(stack: string): string | undefined {
  const places = placesIn(stack);
  const place = places.find(({ path }) => !isInstalled(path) || isOfPlugin(path));
  if (place === undefined) return undefined;
  const { path, line, column } = place;
  const at = `${nearPath(path)}:${line}:${column}`;
  const text = lineOf(path, line);
  return text === undefined ? at : `${at}: ${text}`;
}

/** The same of an error, or of what caused it. */
function placeOfError({ stack = '', cause }: Error): string | undefined {
  return (cause instanceof Error ? placeOfError(cause) : undefined) ?? placeInStack(stack);
}

const packages = new Set<string>();
const isOfPlugin = (path: string): boolean =>
  [...packages].some((folder) => path.startsWith(folder + sep));

/** Lets places in a package count, which holds a world, a pathway or a cell. @param folder absolute, no symbolic links */
export const countPackage = (folder: string): void => void packages.add(folder);

function lineOf(path: string, line: number): string | undefined {
  try {
    const text = readText(path).split('\n')[line - 1]?.trim();
    if (!text) return undefined;
    return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
  } catch {
    return undefined;
  }
}

/** A path as seen from here, where it is not far. */
export const nearPath = (path: string): string => {
  const way = relative(process.cwd(), path);
  return way.startsWith('..') ? path : way;
};

// Worlds know no files, so what guards them is told here how to find an author's line.
locateErrors(placeOfError);
