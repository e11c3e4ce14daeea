import { mean } from './statistics.ts';
import type { AgentSummary, Summary } from './summary.ts';

/** More lines and names than this cannot be told apart in a figure. */
const MOST_DRAWN = 12;

/** The agents that figures show, in their order: all of them, or those with the greatest mean reward where they are many. */
export function drawnAgents({ agents }: Summary): readonly AgentSummary[] {
  const rewardOf = ({ numbers }: AgentSummary): number =>
    mean(numbers.map(({ reward }) => reward.mean));
  const best = [...agents].sort((a, b) => rewardOf(b) - rewardOf(a)).slice(0, MOST_DRAWN);
  return agents.filter((agent) => best.includes(agent));
}
