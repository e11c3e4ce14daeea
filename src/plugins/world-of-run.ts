import { resolve } from 'node:path';
import { UsageError } from '../common/errors.ts';
import {
  findWorld,
  type LoadedWorld,
  readReference,
  type WorldChoice,
  type WorldSource,
} from './source.ts';

/** How the world of a run is found. */
export interface WorldFinding {
  /** Where it is now, for one that is no longer where it was: a file or a package, as for a training. */
  readonly env?: string | undefined;
  /** Is told in one sentence that the world has changed since the training. */
  onNote?(sentence: string): void;
  /** Whether such a world is refused instead. */
  readonly unchanged?: boolean;
}

/**
 * Makes the world of a run known to this thread.
 * @param path the run's folder
 * @param world as its `run.json` has it
 * @returns the same, found from where it is now
 * @throws UsageError for a world that is gone, is another one, or has changed where that is not to be
 */
export async function findWorldOfRun<Choice extends WorldChoice>(
  path: string,
  world: Choice,
  { env, onNote, unchanged = false }: WorldFinding = {},
): Promise<Choice> {
  const { id, source: before } = world;
  if (env === undefined && !before) return world;
  const { spec, source } =
    env === undefined ? await again(path, id, before!) : await findWorld(env);
  if (spec.id !== id) {
    throw new UsageError(
      `${path} was trained in ${id}, and ${env ?? before!.given} is ${spec.id}: name the file or the package of ${id} with --env`,
    );
  }
  if (before && source && before.version !== source.version) {
    const change = changeOf(id, before, source);
    if (unchanged) {
      throw new UsageError(
        `${change} since ${path} was begun: put that one back, go on in the changed one (train --run ${path} --resume --changed-world), or start another run`,
      );
    }
    onNote?.(`${change} since ${path} was trained`);
  }
  return { ...world, source };
}

/** The world where it was, or else where the same words would find it from here: a project may have been moved as a whole. */
async function again(path: string, id: string, source: WorldSource): Promise<LoadedWorld> {
  const { placeOf } = await import('./load.ts');
  const { given, from } = source;
  const reference = readReference(given) ?? { kind: 'package', module: given };
  const place = [from, process.cwd()].find((folder) => placeOf(reference, folder) !== undefined);
  if (place !== undefined) return findWorld(given, place);
  const where =
    reference.kind === 'file'
      ? `from ${resolve(from, reference.module)}, which is gone`
      : `from the package ${given}, which is no longer installed in ${from}`;
  throw new UsageError(
    `${path} was trained in ${id} ${where}: say with --env where it is now, as --env ${reference.kind === 'file' ? './my-world.ts' : given}`,
  );
}

function changeOf(id: string, before: WorldSource, now: WorldSource): string {
  const isFile = before.version.startsWith('sha256:') || now.version.startsWith('sha256:');
  if (isFile) return `${id} in ${now.given}, or a file that it imports, has changed`;
  return `${id} in ${now.given} has changed from version ${before.version} to ${now.version}`;
}
