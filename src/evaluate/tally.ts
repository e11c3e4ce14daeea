import type { NumberValues } from '../../env/index.ts';
import type { EpisodeEnd } from '../play/episodes.ts';
import { compareRows, type ErrorSummary, type OtherValue, type Row } from './results.ts';
import { groupBy, mean, quantile } from './statistics.ts';

type Outcome = Pick<
  EpisodeEnd,
  'return' | 'steps' | 'arrived' | 'exact' | 'canBeExact' | 'metrics' | 'numbers'
>;

/** What a row is for: the number of its axis, and the values at which other numbers are fixed. */
export interface RowKey {
  readonly number: number;
  readonly fixed?: NumberValues | undefined;
}

/**
 * How episodes went, a row for each number and each setting of the others, ascending: by the others first.
 * @param keys of each episode
 * @param axis the option of the number that rows are for; without it, other numbers, errors and metrics are left out
 */
export function tally(keys: readonly RowKey[], outcomes: readonly Outcome[], axis?: string): Row[] {
  const episodes = outcomes.map((outcome, i) => ({ key: keys[i]!, outcome }));
  const groups = groupBy(episodes, ({ key: { number, fixed } }) =>
    fixed ? `${number} ${JSON.stringify(fixed)}` : number,
  );
  return [...groups.values()]
    .map((group): Row => {
      const { key } = group[0]!;
      const outcomes = group.map(({ outcome }) => outcome);
      const basic = row(key.number, outcomes);
      if (axis === undefined) return basic;
      return {
        ...{ ...basic, ...othersOf(key, outcomes, axis) },
        ...{ ...exactAtMostOf(outcomes), ...metricsOf(outcomes) },
      };
    })
    .sort(compareRows);
}

/** Each number besides the axis: its value where it is fixed, else the least and the greatest that were told. */
function othersOf({ fixed = {} }: RowKey, outcomes: readonly Outcome[], axis: string) {
  const names = Object.keys(outcomes[0]!.numbers ?? {}).filter((name) => name !== axis);
  if (names.length === 0) return {};
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

/** The share of the episodes that can be exact, where the world says that of all of them. */
function exactAtMostOf(outcomes: readonly Outcome[]): Pick<Row, 'exactAtMost'> {
  if (outcomes.some(({ canBeExact }) => canBeExact === undefined)) return {};
  return { exactAtMost: mean(outcomes.map(({ canBeExact }) => (canBeExact ? 1 : 0))) };
}

function metricsOf(outcomes: readonly Outcome[]): Pick<Row, 'error' | 'metrics'> {
  const values = new Map<string, number[]>();
  for (const { metrics } of outcomes) {
    for (const [name, value] of Object.entries(metrics)) {
      const others = values.get(name);
      if (others) others.push(value);
      else values.set(name, [value]);
    }
  }
  const errors = values.get('error') ?? [];
  values.delete('error');
  const means = [...values].map(([name, all]) => [name, mean(all)] as const);
  return { error: errorSummary(errors), metrics: Object.fromEntries(means) };
}

function errorSummary(errors: readonly number[]): ErrorSummary | null {
  if (errors.length === 0) return null;
  const ascending = errors.toSorted((a, b) => a - b);
  const share = (holds: (error: number) => boolean): number =>
    errors.filter(holds).length / errors.length;
  return {
    ...{ episodes: errors.length, mean: mean(errors) },
    ...{ early: share((error) => error < 0), late: share((error) => error > 0) },
    ...{ least: ascending[0]!, lowerQuartile: quantile(ascending, 0.25) },
    ...{ median: quantile(ascending, 0.5), upperQuartile: quantile(ascending, 0.75) },
    greatest: ascending.at(-1)!,
  };
}

function row(number: number, outcomes: readonly Outcome[]): Row {
  const totals = new RowTotals();
  for (const outcome of outcomes) totals.add(outcome);
  return totals.row(number);
}

/** The sums that a row of one number is made of, for who adds one episode after another. */
export class RowTotals {
  #episodes = 0;
  #reward = 0;
  #exact = 0;
  #arrived = 0;
  #arrivalSteps = 0;

  add({
    return: reward,
    steps,
    arrived,
    exact,
  }: Pick<Outcome, 'return' | 'steps' | 'arrived' | 'exact'>): void {
    this.#episodes += 1;
    this.#reward += reward;
    if (exact) this.#exact += 1;
    if (!arrived) return;
    this.#arrived += 1;
    this.#arrivalSteps += steps;
  }

  /** The row of at least one episode. */
  row(number: number): Row {
    const episodes = this.#episodes;
    return {
      number,
      episodes,
      meanReward: this.#reward / episodes,
      exact: this.#exact / episodes,
      arrived: this.#arrived / episodes,
      meanArrival: this.#arrived > 0 ? this.#arrivalSteps / this.#arrived : null,
      neverArrived: (episodes - this.#arrived) / episodes,
    };
  }
}
