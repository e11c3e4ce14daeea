import { pathwaySpecs } from '../../agent/pathways/registry.ts';
import type { AgentInfo } from './protocol.ts';

/** What the page shows of an agent's pathway; nulls for one that is unknown here. */
export function pathwayInfo(
  id: string | null,
): Pick<AgentInfo, 'pathway' | 'pathwayLabel' | 'pathwaySummary' | 'colour'> {
  const spec = pathwaySpecs().find((one) => one.id === id);
  const { label = null, summary = null, colour = null } = spec ?? {};
  return { pathway: id, pathwayLabel: label, pathwaySummary: summary, colour };
}
