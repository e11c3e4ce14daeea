import { ConfigError } from '../config.ts';
import { baseline } from './baseline.ts';
import { cellClock } from './cell-clock.ts';
import { nac } from './nac.ts';
import { nacClock } from './nac-clock.ts';
import { nacStateless } from './nac-stateless.ts';
import { nalu } from './nalu.ts';
import { naluClock } from './nalu-clock.ts';
import type { PathwaySpec } from './pathway.ts';

const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

const registered = new Map<string, PathwaySpec>();

/** Makes a pathway known by its id. @throws ConfigError for a malformed id or one that is taken */
export function registerPathway(spec: PathwaySpec): void {
  if (!ID.test(spec.id)) {
    throw new ConfigError(
      `a pathway's id must be lower-case letters, digits and hyphens, such as my-pathway, not "${spec.id}"`,
    );
  }
  if (registered.has(spec.id)) {
    throw new ConfigError(`a pathway is already registered as ${spec.id}: choose another id`);
  }
  registered.set(spec.id, spec);
}

// The pathways that ship. A new one gets its line here.
registerPathway(baseline);
registerPathway(nac);
registerPathway(nacStateless);
registerPathway(nacClock);
registerPathway(nalu);
registerPathway(naluClock);
registerPathway(cellClock);

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
