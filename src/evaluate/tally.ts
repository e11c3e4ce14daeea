import type { EpisodeEnd, EpisodeSpec } from '../play/episodes.ts';
import type { Row } from './results.ts';
import { groupBy } from './statistics.ts';

type Outcome = Pick<EpisodeEnd, 'return' | 'steps' | 'arrived' | 'exact'>;

/** How episodes went, number by number: a row for each, ascending. */
export function tally(episodes: readonly EpisodeSpec[], outcomes: readonly Outcome[]): Row[] {
  const byNumber = groupBy(outcomes, (_, index) => episodes[index]!.number);
  return [...byNumber].sort(([a], [b]) => a - b).map(([number, group]) => row(number, group));
}

function row(number: number, outcomes: readonly Outcome[]): Row {
  const total = { reward: 0, exact: 0, arrived: 0, arrivalSteps: 0 };
  for (const { return: reward, steps, arrived, exact } of outcomes) {
    total.reward += reward;
    if (exact) total.exact += 1;
    if (!arrived) continue;
    total.arrived += 1;
    total.arrivalSteps += steps;
  }
  const episodes = outcomes.length;
  return {
    number,
    episodes,
    meanReward: total.reward / episodes,
    exact: total.exact / episodes,
    arrived: total.arrived / episodes,
    meanArrival: total.arrived > 0 ? total.arrivalSteps / total.arrived : null,
    neverArrived: (episodes - total.arrived) / episodes,
  };
}
