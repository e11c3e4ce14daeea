import { RowTotals } from '../evaluate/tally.ts';
import type { EpisodeEnd, EpisodePlan, Policy } from '../play/episodes.ts';
import { NumberRows } from './number-rows.ts';
import { OutcomeRows, outcomeOf } from './outcome-rows.ts';
import type { RewardRow } from './protocol.ts';
import { rounded } from './written-step.ts';

/** Episodes that are remembered of each agent and policy; further ones are not counted. */
const MOST_EPISODES = 20_000;

/** How one agent did by one policy. */
class PolicyRows {
  /** The seeds that were played of each number, and the sums of these episodes. */
  readonly #played = new Map<number, { readonly seeds: Set<number>; readonly totals: RowTotals }>();
  readonly rows = new NumberRows<RewardRow>();
  readonly outcomes = new OutcomeRows();
  #episodes = 0;

  /** @returns whether it is news */
  add(number: number, seed: number, end: EpisodeEnd): boolean {
    if (this.has(number, seed) || this.#episodes >= MOST_EPISODES) return false;
    this.#episodes += 1;
    const played = this.#played.get(number) ?? { seeds: new Set(), totals: new RowTotals() };
    this.#played.set(number, played);
    played.seeds.add(seed);
    played.totals.add(end);
    this.rows.set(rowOf(number, played.totals));
    this.outcomes.add(number, seed, outcomeOf(end));
    return true;
  }

  has(number: number, seed: number): boolean {
    return this.#played.get(number)?.seeds.has(seed) ?? false;
  }
}

/** How one agent did in each episode that it has played, each counted once however often it is watched. */
export class ChartRows {
  readonly #byPolicy = { greedy: new PolicyRows(), sample: new PolicyRows() };

  /** Counts an episode. @param number the one told @returns whether it is news */
  add({ seed, policy }: EpisodePlan, number: number, end: EpisodeEnd): boolean {
    return this.#byPolicy[policy].add(number, seed, end);
  }

  has(number: number, seed: number, policy: Policy): boolean {
    return this.#byPolicy[policy].has(number, seed);
  }

  outcomes(policy: Policy): OutcomeRows {
    return this.#byPolicy[policy].outcomes;
  }

  rows(policy: Policy): NumberRows<RewardRow> {
    return this.#byPolicy[policy].rows;
  }
}

function rowOf(number: number, totals: RowTotals): RewardRow {
  const { episodes, meanReward, exact, arrived, meanArrival } = totals.row(number);
  return {
    ...{ number, episodes, meanReward: rounded(meanReward) },
    ...{ exact: rounded(exact), arrived: rounded(arrived) },
    meanArrival: meanArrival === null ? null : rounded(meanArrival),
  };
}
