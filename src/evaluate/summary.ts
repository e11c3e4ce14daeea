import type { NumberName } from '../../env/index.ts';
import type { Policy } from '../play/episodes.ts';
import { createBootstrap, type Interval } from './bootstrap.ts';
import { differMuch } from './compare-policies.ts';
import {
  compareRows,
  type ErrorSummary,
  type Evaluation,
  fixedIn,
  type OtherValue,
  type PolicyComparison,
  type Row,
  settingOf,
} from './results.ts';
import { groupBy, mean } from './statistics.ts';

/** A mean over seeds and its 95 % bootstrap interval, null for fewer than three seeds. */
export interface Estimate {
  readonly mean: number;
  readonly interval: Interval | null;
}

/** One agent at one number asked for; in the timed grid, a time. */
export interface NumberSummary {
  readonly number: number;
  /** The world's other numbers, as in a row. */
  readonly others?: Row['others'];
  /** Seeds that were evaluated at this number. */
  readonly seeds: number;
  readonly reward: Estimate;
  /** Share of the episodes that did exactly what this number says, 0 to 1. */
  readonly exact: Estimate;
  /** Share of the episodes that anyone could do exactly, 0 to 1; absent where the world does not say. */
  readonly exactAtMost?: number;
  /** Mean step of arrival over the episodes of all seeds that arrived; null where none did. */
  readonly meanArrival: number | null;
  /** Share of the episodes that never arrived, 0 to 1. */
  readonly neverArrived: number;
  /** Over the episodes of all seeds that have an error. */
  readonly error?: Pick<ErrorSummary, 'mean' | 'early' | 'late' | 'least' | 'greatest'> | null;
  /** Each of the world's metrics, as the mean over seeds. */
  readonly metrics?: Row['metrics'];
}

/** First and last of a stretch of evaluated numbers. */
export type NumberRange = readonly [number, number];

/** All seeds of one agent. */
export interface AgentSummary {
  readonly label: string;
  readonly seeds: readonly number[];
  /** By number, ascending. */
  readonly numbers: readonly NumberSummary[];
  /** Longest stretch of evaluated numbers whose mean reward is at least 95 % of the maximum; null where none is. */
  readonly nearMaximum: NumberRange | null;
  /** Longest stretch of evaluated numbers at which at least 90 % of the episodes are exact; null where none is. */
  readonly mostlyExact: NumberRange | null;
}

/** Agents side by side, evaluated alike. */
export interface Summary {
  /** What the number is called and says that the agents were asked for. */
  readonly number: NumberName;
  /** The world's other numbers; absent where it tells no others. */
  readonly otherNumbers?: Evaluation['otherNumbers'];
  readonly maxReward: number;
  readonly policy: Policy;
  /** Null where the agents were trained on different ranges. */
  readonly trainingRange: readonly [number, number] | null;
  /** Fewest and most episodes of a run at one number. */
  readonly episodes: readonly [number, number];
  /** In the order of their first evaluation. */
  readonly agents: readonly AgentSummary[];
  /** Runs that earn much more with one policy than with the other; absent where there are none. */
  readonly policyGaps?: readonly PolicyGap[];
}

/** A run whose greedy and whose sampled actions earn very different rewards. */
export interface PolicyGap extends PolicyComparison {
  readonly label: string;
  readonly seed: number;
}

export const NEAR_MAXIMUM = 0.95;
export const MOSTLY_EXACT = 0.9;

/** Evaluations that cannot stand in one table, in one sentence that says which and what to do. */
export class SummaryError extends Error {
  override name = 'SummaryError';
}

/**
 * Groups evaluations by label and summarises each over its seeds.
 * @throws SummaryError if there is nothing to summarise, if number, maximum reward or policy differ, or if a seed would count twice
 */
export function summarise(evaluations: readonly Evaluation[]): Summary {
  const first = evaluations[0];
  if (!first || evaluations.every(({ rows }) => rows.length === 0)) {
    throw new SummaryError(
      'There is no evaluation to summarise: give at least one run and one number.',
    );
  }
  requireComparable(evaluations);

  const bootstrap = createBootstrap();
  const byLabel = groupBy(evaluations, ({ label }) => label);
  const episodes = evaluations.flatMap(({ rows }) => rows.map((row) => row.episodes));
  const policyGaps = evaluations.flatMap(({ label, seed, policies, maxReward }): PolicyGap[] =>
    policies && differMuch(policies, maxReward) ? [{ label, seed, ...policies }] : [],
  );
  return {
    number: first.number,
    ...(first.otherNumbers && { otherNumbers: first.otherNumbers }),
    maxReward: first.maxReward,
    policy: first.policy,
    trainingRange: evaluations.every((other) => sameRange(first, other))
      ? first.trainingRange
      : null,
    episodes: [Math.min(...episodes), Math.max(...episodes)],
    agents: [...byLabel].map(([label, ofLabel]) => summariseAgent(label, ofLabel, bootstrap)),
    ...(policyGaps.length > 0 && { policyGaps }),
  };
}

/** An evaluation, or what is known of it beforehand. */
type Comparable = Omit<Evaluation, 'frames' | 'rows'>;

/** @throws SummaryError if number, maximum reward or policy differ, or if a seed would count twice */
export function requireComparable(evaluations: readonly Comparable[]): void {
  for (const evaluation of evaluations) requireAlike(evaluations[0]!, evaluation);
  requireDistinctSeeds(evaluations);
}

type Bootstrap = ReturnType<typeof createBootstrap>;

function summariseAgent(
  label: string,
  evaluations: readonly Evaluation[],
  bootstrap: Bootstrap,
): AgentSummary {
  const rows = evaluations.flatMap((evaluation) => evaluation.rows);
  const byNumber = groupBy(rows, (row) => `${row.number} ${settingOf(row)}`);
  const estimate = (values: number[]): Estimate => ({
    mean: mean(values),
    interval: bootstrap(values),
  });

  const summaries = [...byNumber.values()].map((rowsAtNumber): NumberSummary => {
    const { number } = rowsAtNumber[0]!;
    let arrivals = 0;
    let arrivalSteps = 0;
    for (const { episodes, arrived, meanArrival } of rowsAtNumber) {
      if (meanArrival === null) continue;
      arrivals += episodes * arrived;
      arrivalSteps += episodes * arrived * meanArrival;
    }
    return {
      number,
      ...withOthers(rowsAtNumber),
      seeds: rowsAtNumber.length,
      reward: estimate(rowsAtNumber.map(({ meanReward }) => meanReward)),
      exact: estimate(rowsAtNumber.map(({ exact }) => exact)),
      ...withExactAtMost(rowsAtNumber),
      meanArrival: arrivals > 0 ? arrivalSteps / arrivals : null,
      neverArrived: mean(rowsAtNumber.map(({ neverArrived }) => neverArrived)),
      ...withMetrics(rowsAtNumber),
    };
  });

  const numbers = summaries.sort(compareRows);
  return {
    label,
    seeds: evaluations.map(({ seed }) => seed),
    numbers,
    ...stretches(numbers, evaluations[0]!.maxReward),
  };
}

/** The other numbers of rows that are for the same: what is fixed, and the range of what was drawn in any of them. */
function withOthers(rows: readonly Row[]): Pick<Row, 'others'> {
  const [first] = rows;
  if (first?.others === undefined) return {};
  const entries = Object.entries(first.others).map(([name, value]): [string, OtherValue] => {
    if (typeof value === 'number') return [name, value];
    const ranges = rows.map(({ others }) => others![name] as readonly [number, number]);
    return [
      name,
      [
        Math.min(...ranges.map(([least]) => least)),
        Math.max(...ranges.map(([, greatest]) => greatest)),
      ],
    ];
  });
  return { others: Object.fromEntries(entries) };
}

function withExactAtMost(rows: readonly Row[]): Pick<NumberSummary, 'exactAtMost'> {
  const shares = rows.flatMap(({ exactAtMost = [] }) => exactAtMost);
  return shares.length === rows.length ? { exactAtMost: mean(shares) } : {};
}

/** The errors and metrics of rows that are for the same, where they have any. */
function withMetrics(rows: readonly Row[]): Pick<NumberSummary, 'error' | 'metrics'> {
  if (rows.some(({ metrics }) => metrics === undefined)) return {};
  const names = new Set(rows.flatMap(({ metrics }) => Object.keys(metrics!)));
  const metrics = [...names].map((name) => {
    const values = rows.flatMap((row) => row.metrics![name] ?? []);
    return [name, mean(values)] as const;
  });
  const errors = rows.flatMap(({ error }) => error ?? []);
  const total = errors.reduce((sum, { episodes }) => sum + episodes, 0);
  const weighted = (of: (error: ErrorSummary) => number): number =>
    errors.reduce((sum, error) => sum + error.episodes * of(error), 0) / total;
  const error = {
    mean: weighted((one) => one.mean),
    early: weighted((one) => one.early),
    late: weighted((one) => one.late),
    least: Math.min(...errors.map(({ least }) => least)),
    greatest: Math.max(...errors.map(({ greatest }) => greatest)),
  };
  return { error: errors.length > 0 ? error : null, metrics: Object.fromEntries(metrics) };
}

/**
 * The agents once for each setting of the world's other numbers, where they are evaluated at several: the curves of a figure.
 */
export function bySetting(summary: Summary): Summary {
  const settings = new Set(
    summary.agents.flatMap(({ numbers }) => numbers.map((number) => settingOf(number))),
  );
  if (settings.size < 2) return summary;
  const symbols = new Map(summary.otherNumbers?.map(({ option, symbol }) => [option, symbol]));
  const agents = summary.agents.flatMap((agent) =>
    [...groupBy(agent.numbers, settingOf).values()].map((numbers): AgentSummary => {
      const values = Object.entries(fixedIn(numbers[0]!)).map(
        ([name, value]) => `${symbols.get(name)} = ${value}`,
      );
      const label = [agent.label, ...values].join(', ');
      return { ...agent, label, numbers, ...stretches(numbers, summary.maxReward) };
    }),
  );
  return { ...summary, agents };
}

/** Where an agent is at its best; nowhere in particular where other numbers vary too. */
function stretches(
  numbers: readonly NumberSummary[],
  maxReward: number,
): Pick<AgentSummary, 'nearMaximum' | 'mostlyExact'> {
  if (new Set(numbers.map(settingOf)).size > 1) return { nearMaximum: null, mostlyExact: null };
  return {
    nearMaximum: longestStretch(numbers, ({ reward }) => reward.mean >= NEAR_MAXIMUM * maxReward),
    mostlyExact: longestStretch(numbers, ({ exact }) => exact.mean >= MOSTLY_EXACT),
  };
}

/** The longest unbroken stretch of evaluated numbers that hold; the first of equally long ones. */
export function longestStretch(
  numbers: readonly NumberSummary[],
  holds: (number: NumberSummary) => boolean,
): NumberRange | null {
  let longest = { start: 0, length: 0 };
  let start = 0;
  numbers.forEach((number, index) => {
    if (!holds(number)) start = index + 1;
    else if (index + 1 - start > longest.length) longest = { start, length: index + 1 - start };
  });
  if (longest.length === 0) return null;
  return [numbers[longest.start]!.number, numbers[longest.start + longest.length - 1]!.number];
}

function requireAlike(first: Comparable, other: Comparable): void {
  if (
    other.number.symbol !== first.number.symbol ||
    other.number.meaning !== first.number.meaning
  ) {
    throw new SummaryError(
      `${first.run} was asked for ${written(first.number)} and ${other.run} for ${written(other.number)}: ` +
        'compare runs of one world.',
    );
  }
  if (other.maxReward !== first.maxReward) {
    throw new SummaryError(
      `${first.run} can earn ${first.maxReward} at most and ${other.run} ${other.maxReward}: ` +
        'compare runs of worlds with the same maximum reward.',
    );
  }
  if (other.policy !== first.policy) {
    throw new SummaryError(
      `${first.run} was evaluated with the ${first.policy} policy and ${other.run} with the ${other.policy} policy: ` +
        'evaluate both with the same one.',
    );
  }
}

const written = ({ symbol, meaning }: NumberName): string => `${symbol} (${meaning})`;

function requireDistinctSeeds(evaluations: readonly Comparable[]): void {
  const seen = new Map<string, string>();
  for (const { label, seed, run } of evaluations) {
    const key = JSON.stringify([label, seed]);
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      throw new SummaryError(
        `${earlier} and ${run} are both agent ${label} with seed ${seed}: leave one out, since a seed counts once.`,
      );
    }
    seen.set(key, run);
  }
}

function sameRange(a: Evaluation, b: Evaluation): boolean {
  return a.trainingRange[0] === b.trainingRange[0] && a.trainingRange[1] === b.trainingRange[1];
}
