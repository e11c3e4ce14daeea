import { tally } from '../evaluate/tally.ts';
import type { EpisodeEnd, EpisodePlan, Policy } from '../play/episodes.ts';
import { OutcomeRows, outcomeOf } from './outcome-rows.ts';
import type { RewardRow } from './protocol.ts';
import { rounded } from './written-step.ts';

/** Episodes that are remembered of each agent and policy; further ones are not counted. */
const MOST_EPISODES = 20_000;

/** How one agent did in each episode that it has played, each counted once however often it is watched. */
export class ChartRows {
  readonly #byPolicy = new Map<Policy, Map<string, { number: number; end: EpisodeEnd }>>();
  readonly #rows = new Map<Policy, readonly RewardRow[]>();
  readonly #outcomes = { greedy: new OutcomeRows(), sample: new OutcomeRows() };

  /** Counts an episode. @param number the one told @returns whether it is news */
  add({ seed, policy }: EpisodePlan, number: number, end: EpisodeEnd): boolean {
    const episodes = this.#byPolicy.get(policy) ?? new Map();
    this.#byPolicy.set(policy, episodes);
    const key = `${number} ${seed}`;
    if (episodes.has(key) || episodes.size >= MOST_EPISODES) return false;
    this.#rows.delete(policy);
    episodes.set(key, { number, end });
    this.#outcomes[policy].add(number, seed, outcomeOf(end));
    return true;
  }

  has(number: number, seed: number, policy: Policy): boolean {
    return this.#byPolicy.get(policy)?.has(`${number} ${seed}`) ?? false;
  }

  outcomes(policy: Policy): OutcomeRows {
    return this.#outcomes[policy];
  }

  /** A row for each number, ascending. */
  rows(policy: Policy): readonly RewardRow[] {
    const rows = this.#rows.get(policy) ?? this.#tally(policy);
    this.#rows.set(policy, rows);
    return rows;
  }

  #tally(policy: Policy): RewardRow[] {
    const episodes = [...(this.#byPolicy.get(policy)?.values() ?? [])];
    const rows = tally(
      episodes,
      episodes.map(({ end }) => end),
    );
    return rows.map(({ number, episodes, meanReward, exact, arrived, meanArrival }) => ({
      ...{ number, episodes, meanReward: rounded(meanReward) },
      ...{ exact: rounded(exact), arrived: rounded(arrived) },
      meanArrival: meanArrival === null ? null : rounded(meanArrival),
    }));
  }
}
