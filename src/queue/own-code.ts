import fs from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import * as z from 'zod';
import { Failure, UsageError } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { writeWithin } from '../common/output.ts';
import { parseJson } from '../common/parse-json.ts';
import { MOST_TEXT, readBytes } from '../common/read-file.ts';
import { findPlugin } from '../plugins/find.ts';
import { fingerprintFile } from '../plugins/fingerprint.ts';
import type { PluginKind } from '../plugins/kind.ts';
import { placeOf } from '../plugins/load.ts';
import { pathways } from '../plugins/pathways.ts';
import type { PluginSource } from '../plugins/plugin-source.ts';
import { referenceOf } from '../plugins/reference.ts';
import { worlds } from '../plugins/worlds.ts';
import type { NeededCode, QueuedRun } from './job.ts';
import type { Files } from './store.ts';

/** Bytes and files of a world or a pathway that travels. */
export const MOST_CODE = 2 ** 22;
const MOST_FILES = 500;
const INDEX = 'index';
const MOST_INDEX = 2 ** 18;

/** A file's name within the folder that it travels in: nothing that could lead out of it, on any system. */
const isWithin = (name: string): boolean =>
  name.length <= 300 && name.split('/').every((part) => /^(?!\.{1,2}$)[^\\:\p{Cc}]+$/u.test(part));

const indexSchema = z.strictObject({
  entry: z.string(),
  names: z.array(z.string().refine(isWithin)).min(1).max(MOST_FILES),
});

/** Reads files of the queue. @see RunStore.readFiles */
export type ReadFiles = (names: readonly string[], most: number) => Promise<Files | undefined>;

/**
 * The files of a world or a pathway, to travel to workers that take code.
 * @returns undefined for one of a package, which workers must have installed
 * @throws UsageError for one that is too large
 */
export function packCode(source: PluginSource): Files | undefined {
  const reference = referenceOf(source.given);
  const entry = placeOf(reference, source.from);
  if (reference.kind === 'package' || entry === undefined) return undefined;
  const paths = [...fingerprintFile(entry).files.keys()];
  const contents = paths.map((path) => readBytes(path, MOST_TEXT));
  const bytes = contents.reduce((sum, { length }) => sum + length, 0);
  if (bytes > MOST_CODE || paths.length > MOST_FILES) {
    throw new UsageError(
      `${source.given} is too large to travel to workers (${paths.length} files, ${bytes} bytes): let them have it, and name it there with --env or --agent`,
    );
  }
  const root = commonFolder(paths.map(dirname));
  const names = paths.map((path) => relative(root, path).split(sep).join('/'));
  const index = Buffer.from(JSON.stringify({ entry: names[0], names }));
  return { [INDEX]: index, ...Object.fromEntries(contents.map((content, i) => [`${i}`, content])) };
}

function commonFolder(folders: readonly string[]): string {
  let common = folders[0]!;
  while (!folders.every((folder) => `${folder}${sep}`.startsWith(`${common}${sep}`))) {
    common = dirname(common);
  }
  return common;
}

/**
 * Writes the files of a world or a pathway that came with a run.
 * @param folder to write into, not there yet
 * @returns where it is now
 * @throws Failure where there are none, or they are not what their fingerprint says
 */
export async function unpackCode(
  { version, given }: NeededCode,
  folder: string,
  read: ReadFiles,
): Promise<PluginSource> {
  const found = await read([INDEX], MOST_INDEX);
  if (!found) throw new Failure('its code is not in the queue: let this worker have it');
  const refuse = (cause?: unknown): never => {
    throw new Failure('its code in the queue is not what its fingerprint says', { cause });
  };
  let index: z.infer<typeof indexSchema>;
  try {
    index = indexSchema.parse(parseJson(found[INDEX]!.toString()));
    if (!index.names.includes(index.entry)) throw new Error('the entry is missing');
  } catch (cause) {
    return refuse(cause);
  }
  const { entry, names } = index;
  const contents = await read(
    names.map((_, i) => `${i}`),
    MOST_CODE,
  );
  if (!contents) return refuse();
  makeFolder(folder);
  for (const [i, name] of names.entries()) {
    const place = join(folder, ...name.split('/'));
    makeFolder(dirname(place));
    writeWithin(place, contents[`${i}`]!);
  }
  const from = fs.realpathSync(folder);
  const made = fingerprintFile(fs.realpathSync(join(from, ...entry.split('/'))));
  if (made.version !== version) return refuse();
  return { given: `./${entry}${given}`, from, version };
}

/** The worlds and pathways that a worker's user has named, imported. */
export class NamedCode {
  readonly #worlds: readonly PluginSource[];
  readonly #pathways: readonly PluginSource[];

  private constructor(named: readonly PluginSource[], agents: readonly PluginSource[]) {
    this.#worlds = named;
    this.#pathways = agents;
  }

  /** @throws UsageError for a name that is not of the user's own code */
  static async find(env: readonly string[], agent: readonly string[]): Promise<NamedCode> {
    return new NamedCode(await findAll(worlds, env), await findAll(pathways, agent));
  }

  /** Where the code of a run is, as far as it was named in the very version. */
  of({ world, pathway }: Pick<QueuedRun, 'world' | 'pathway'>) {
    const find = (all: readonly PluginSource[], needed: NeededCode | undefined) => {
      const found = needed && all.find(({ version }) => version === needed.version);
      return found && { ...found, given: found.given.replace(/#.*/s, '') + needed.given };
    };
    return { world: find(this.#worlds, world), pathway: find(this.#pathways, pathway) };
  }
}

async function findAll<Spec extends { readonly id: string }>(
  kind: PluginKind<Spec>,
  names: readonly string[],
): Promise<PluginSource[]> {
  const found: PluginSource[] = [];
  for (const name of names) {
    const { source } = await findPlugin(kind, name);
    if (!source) {
      throw new UsageError(`${name} comes with timegrid: leave out ${kind.flag} ${name}`);
    }
    found.push(source);
  }
  return found;
}
