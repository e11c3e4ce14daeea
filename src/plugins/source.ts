import { isAbsolute, resolve } from 'node:path';
import * as z from 'zod';
import type { EnvSpec } from '../../env/contract.ts';
import { findSpec, UnknownEnvError } from '../../env/index.ts';

/** Where a world came from that does not come with this package. */
export const worldSourceSchema = z.strictObject({
  /** As it was named: `./my-world.ts`, `./my-world.ts#Maze`, `some-package#Maze`. */
  given: z.string(),
  /** The folder from which that was said, absolute. */
  from: z.string(),
  /** The version of the package, or `sha256:…` over the file and all that it imports by a relative path. */
  version: z.string(),
});

export type WorldSource = z.infer<typeof worldSourceSchema>;

/** A world that a training, an evaluation or a page is about. */
export interface WorldChoice {
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Absent where the world comes with this package, or a program has registered it. */
  readonly source?: WorldSource | undefined;
}

/** A kind of world, registered, and where it came from. */
export interface LoadedWorld {
  readonly spec: EnvSpec;
  readonly source?: WorldSource | undefined;
}

/** Where the worlds came from that this thread has loaded, by their ids. */
export const sources = new Map<string, WorldSource>();

/** What a name of a world stands for. */
export interface Reference {
  readonly kind: 'file' | 'package';
  /** The file as it was named, or the package and perhaps a path within it. */
  readonly module: string;
  /** Which of several worlds, by the name of its export or by its id. */
  readonly name?: string | undefined;
}

/** Reads `./my-world.ts`, `worlds/maze.js#Maze` and `some-package#Maze`; anything else is an id: undefined. */
export function readReference(text: string): Reference | undefined {
  const [, module = '', name] = /^([^#]*)(?:#(.*))?$/s.exec(text)!;
  const isPath = /^(\.{1,2}$|\.{0,2}[/\\])/.test(module) || isAbsolute(module);
  const isFile = isPath || /\.[cm]?[jt]sx?$/.test(module);
  const isPackage = module !== '' && (name !== undefined || /[@/]/.test(module));
  // A `#` with nothing behind it asks for the one that there is.
  if (isFile || isPackage)
    return { kind: isFile ? 'file' : 'package', module, name: name || undefined };
  return undefined;
}

/**
 * The world that a person names: an id, a file that exports it, or one of a package.
 * @param from the folder from which a file or a package is looked for
 * @throws UsageError for a file or a package that holds no such world, UnknownEnvError for an unknown id
 */
export async function findWorld(named: string, from: string = process.cwd()): Promise<LoadedWorld> {
  const reference = readReference(named);
  if (!reference) return { spec: await known(named, from) };
  const { loadWorld } = await import('./load.ts');
  return loadWorld(named, { from: resolve(from) });
}

/** @throws UnknownEnvError, which asks whether a file or a package of that name was meant */
async function known(id: string, from: string): Promise<EnvSpec> {
  try {
    return findSpec(id);
  } catch (error) {
    const { placeOf } = await import('./load.ts');
    const meant = [...['.ts', '.mts', '.js', '.mjs'].map((ending) => `./${id}${ending}`), `${id}#`];
    const there = meant.find((one) => placeOf(readReference(one)!, from) !== undefined);
    if (there === undefined) throw error;
    throw new UnknownEnvError(`there is no world "${id}"; did you mean ${there}?`);
  }
}

/** Makes a world known to this thread, where `make` alone would not find it. @throws as `findWorld` does */
export async function requireWorld({ source }: WorldChoice): Promise<void> {
  if (source) await findWorld(source.given, source.from);
}
