import { ConfigError } from '../config.ts';
import { Registry } from '../registry.ts';
import { baseline } from './baseline.ts';
import { cellClock } from './cell-clock.ts';
import { nac } from './nac.ts';
import { nacClock } from './nac-clock.ts';
import { nacCounter } from './nac-counter.ts';
import { nacStateless } from './nac-stateless.ts';
import { nalu } from './nalu.ts';
import { naluClock } from './nalu-clock.ts';
import type { PathwaySpec } from './pathway.ts';

const registry = new Registry<PathwaySpec>('pathway');

/** Makes a pathway known by its id. @throws ConfigError for a malformed id or one that is taken */
export const registerPathway = (spec: PathwaySpec): void => registry.register(spec);

// The pathways that ship. A new one gets its line here.
registerPathway(baseline);
registerPathway(nac);
registerPathway(nacStateless);
registerPathway(nacClock);
registerPathway(nalu);
registerPathway(naluClock);
registerPathway(cellClock);
registerPathway(nacCounter);

/** Every registered pathway, in the order of registration. */
export const pathwaySpecs = (): PathwaySpec[] => registry.all;

/** @throws ConfigError for an unknown id */
export function pathwaySpec(id: string): PathwaySpec {
  const spec = registry.find(id);
  if (spec !== undefined) return spec;
  const ids = registry.all.map((one) => one.id);
  throw new ConfigError(`there is no agent "${id}": the agents are ${ids.join(', ')}`);
}
