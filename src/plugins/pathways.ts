import { pathwaySpecs } from '../../agent/pathways/index.ts';
import type { PathwaySpec } from '../../agent/pathways/pathway.ts';
import { suggestion } from '../../env/closest.ts';
import { UsageError } from '../common/errors.ts';

/** A registered pathway. @throws UsageError naming the closest id, or all that there are */
export function knownPathway(id: string): PathwaySpec {
  const specs = pathwaySpecs();
  const spec = specs.find((one) => one.id === id);
  if (spec !== undefined) return spec;
  const ids = specs.map((one) => one.id);
  throw new UsageError(`there is no agent "${id}"; ${suggestion(id, ids, 'agents')}`);
}
