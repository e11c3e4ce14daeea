import type { EpisodeEnd, EpisodeSpec, Policy } from '../play/episodes.ts';
import type { PolicyComparison } from './results.ts';
import { mean } from './statistics.ts';
import type { RowKey } from './tally.ts';

/** Episodes that are played with the other policy too, at most. */
const MOST_COMPARED = 64;
/** Policies differ much where their mean rewards are further apart than this share of the greatest reward. */
const MUCH = 0.2;

/** Episodes of an evaluation to play with the other policy too: those at numbers of training, thinned out evenly. */
export function comparedEpisodes(
  episodes: readonly EpisodeSpec[],
  keyOf: (episode: EpisodeSpec) => RowKey,
  [least, greatest]: readonly [number, number],
): EpisodeSpec[] {
  const known = episodes.filter((episode) => {
    const { number } = keyOf(episode);
    return number >= least && number <= greatest;
  });
  const stride = Math.ceil(known.length / MOST_COMPARED);
  return known.filter((_, i) => i % stride === 0);
}

export const otherPolicy = (policy: Policy): Policy => (policy === 'greedy' ? 'sample' : 'greedy');

/** @param ends of these episodes with either policy */
export function comparePolicies(
  episodes: readonly EpisodeSpec[],
  keyOf: (episode: EpisodeSpec) => RowKey,
  ends: Readonly<Record<Policy, ReadonlyMap<EpisodeSpec, Pick<EpisodeEnd, 'return'>>>>,
): PolicyComparison {
  const numbers = episodes.map((episode) => keyOf(episode).number);
  const meanReturn = (policy: Policy): number =>
    mean(episodes.map((episode) => ends[policy].get(episode)!.return));
  return {
    episodes: numbers.length,
    numbers: [Math.min(...numbers), Math.max(...numbers)],
    ...{ greedy: meanReturn('greedy'), sample: meanReturn('sample') },
  };
}

/** Whether an agent earns so much more with one policy than with the other that a reader has to know. */
export function differMuch({ greedy, sample }: PolicyComparison, maxReward: number): boolean {
  return Math.abs(greedy - sample) > MUCH * maxReward;
}
