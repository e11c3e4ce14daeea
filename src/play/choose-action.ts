import { greedyActions, sampleActions } from '../../agent/sampling.ts';
import type { Random } from '../../env/index.ts';
import type { Policy } from './episodes.ts';

const chosen = new Int32Array(1);

/** The action that a policy takes. @param probabilities of each action */
export function chooseAction(policy: Policy, probabilities: Float32Array, random: Random): number {
  if (policy === 'greedy') greedyActions(probabilities, chosen);
  else sampleActions(probabilities, () => random.uniform(), chosen);
  return chosen[0]!;
}
