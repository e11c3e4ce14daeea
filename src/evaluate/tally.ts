import type { NumberValues } from '../../env/index.ts';
import type { EpisodeEnd } from '../play/episodes.ts';
import { compareRows, type OtherValue, type Row } from './results.ts';
import { groupBy } from './statistics.ts';

type Outcome = Pick<EpisodeEnd, 'return' | 'steps' | 'arrived' | 'exact' | 'numbers'>;

/** What a row is for: the number of its axis, and the values at which other numbers are fixed. */
export interface RowKey {
  readonly number: number;
  readonly fixed?: NumberValues | undefined;
}

/**
 * How episodes went, a row for each number and each setting of the others, ascending: by the others first.
 * @param keys of each episode
 * @param axis the option of the number that rows are for
 */
export function tally(keys: readonly RowKey[], outcomes: readonly Outcome[], axis?: string): Row[] {
  const episodes = outcomes.map((outcome, i) => ({ key: keys[i]!, outcome }));
  const groups = groupBy(episodes, ({ key }) => JSON.stringify([key.number, key.fixed]));
  return [...groups.values()]
    .map((group): Row => {
      const { key } = group[0]!;
      const outcomes = group.map(({ outcome }) => outcome);
      return { ...row(key.number, outcomes), ...othersOf(key, outcomes, axis) };
    })
    .sort(compareRows);
}

/** Each number besides the axis: its value where it is fixed, else the least and the greatest that were told. */
function othersOf({ fixed = {} }: RowKey, outcomes: readonly Outcome[], axis?: string) {
  const names = Object.keys(outcomes[0]!.numbers ?? {}).filter((name) => name !== axis);
  if (axis === undefined || names.length === 0) return {};
  const readOther = (name: string): OtherValue => {
    if (fixed[name] !== undefined) return fixed[name];
    const values = outcomes.map(({ numbers }) => numbers![name]!);
    return [
      values.reduce((least, value) => Math.min(least, value)),
      values.reduce((greatest, value) => Math.max(greatest, value)),
    ];
  };
  return { others: Object.fromEntries(names.map((name) => [name, readOther(name)])) };
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
