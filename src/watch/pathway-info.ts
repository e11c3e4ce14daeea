import { pathwaySpecs } from '../../agent/pathways/registry.ts';
import type { AgentInfo } from './protocol.ts';

/** What the page shows of an agent's pathway; nulls for one that is unknown here. */
export function pathwayInfo(
  id: string | null,
): Pick<AgentInfo, 'pathway' | 'pathwaySummary' | 'colour'> {
  const { summary = null, colour = null } = pathwaySpecs().find((spec) => spec.id === id) ?? {};
  return { pathway: id, pathwaySummary: summary, colour };
}
