import { ConfigError } from '../config.ts';
import type { PathwaySpec } from './pathway.ts';

const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const registered = new Map<string, PathwaySpec>();

/** Makes a pathway known by its id. @throws ConfigError for a malformed id or one that is taken */
export function registerPathway(spec: PathwaySpec): void {
  if (!ID.test(spec.id)) {
    throw new ConfigError(
      `a pathway's id must be small letters, digits and hyphens, such as my-pathway, not "${spec.id}"`,
    );
  }
  if (registered.has(spec.id)) {
    throw new ConfigError(`a pathway is already registered as ${spec.id}: choose another id`);
  }
  registered.set(spec.id, spec);
}

/** Every registered pathway, in the order of registration. */
export const pathwaySpecs = (): PathwaySpec[] => [...registered.values()];

/** @throws ConfigError for an unknown id */
export function pathwaySpec(id: string): PathwaySpec {
  const spec = registered.get(id);
  if (spec !== undefined) return spec;
  throw new ConfigError(
    `there is no agent "${id}": the agents are ${[...registered.keys()].join(', ')}`,
  );
}
