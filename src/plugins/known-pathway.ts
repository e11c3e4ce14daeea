import type { PathwaySpec } from '../../agent/pathways/pathway.ts';
import { pathwaySpecs } from '../../agent/pathways/registry.ts';
import { suggestion } from '../../env/closest.ts';
import { UsageError } from '../common/errors.ts';
import type { PluginSource } from './plugin-source.ts';

/** A registered pathway. @throws UsageError naming the closest id, or all that there are */
export function knownPathway(id: string): PathwaySpec {
  const all = pathwaySpecs();
  const spec = all.find((one) => one.id === id);
  if (spec !== undefined) return spec;
  const ids = all.map((one) => one.id);
  throw new UsageError(`there is no agent "${id}"; ${suggestion(id, ids, 'agents')}`);
}

/** Where the pathway of a configuration came from; undefined for one that comes with this package. */
export const pathwaySourceOf = (config: Readonly<Record<string, unknown>>) =>
  config.pathwaySource as PluginSource | undefined;
