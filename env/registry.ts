import { suggestion } from './closest.ts';
import type { Env, EnvSpec } from './contract.ts';
import { EnvError, UnknownEnvError, WorldError } from './errors.ts';
import { guardMake } from './guard/guarded-calls.ts';
import { spacesProblem } from './guard/space-rules.ts';

/** A name, perhaps in parts, and a version. */
export const ID = /^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*-v\d+$/;

const registered = new Map<string, EnvSpec>();

/** Registers a kind of world under its id. @throws EnvError for a malformed id or one that is taken */
export function register(spec: EnvSpec): void {
  if (!ID.test(spec.id)) {
    throw new EnvError(
      `a world's id must be letters, digits and hyphens, and a version, such as Name-v0, not "${spec.id}"`,
    );
  }
  if (registered.has(spec.id)) {
    throw new EnvError(`a world is already registered as ${spec.id}; give the new one another id`);
  }
  registered.set(spec.id, spec);
}

/** Every registered kind of world, in the order of registration. */
export function specs(): EnvSpec[] {
  return [...registered.values()];
}

/** @throws UnknownEnvError that names the closest id, or the existing versions */
export function findSpec(id: string): EnvSpec {
  const spec = registered.get(id);
  if (spec !== undefined) return spec;
  const ids = [...registered.keys()];
  const versions = ids.filter((other) => nameOf(other) === nameOf(id));
  throw new UnknownEnvError(
    versions.length > 0
      ? `there is no world "${id}"; the versions of ${nameOf(id)} are ${versions.join(', ')}`
      : `there is no world "${id}"; ${suggestion(id, ids, 'worlds')}`,
  );
}

/**
 * A new world, not yet reset.
 * @throws UnknownEnvError for an unknown id, OptionError for an unknown or ill-typed option, WorldError if the world cannot be made or
 *   its spaces are malformed
 */
export function make(id: string, options?: Readonly<Record<string, unknown>>): Env {
  const spec = findSpec(id);
  const world = guardMake(id, () => spec.create(options));
  const problem = spacesProblem(world);
  if (problem !== undefined) throw new WorldError(`${id} has malformed spaces: ${problem}`);
  return world;
}

function nameOf(id: string): string {
  return id.replace(/-v\d+$/, '');
}
