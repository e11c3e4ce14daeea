import { formatNumber, formatPercent } from '../common/format.ts';
import {
  type AgentSummary,
  MOSTLY_EXACT,
  type NumberSummary,
  type Summary,
} from '../evaluate/summary.ts';

/** One figure of an agent at a number. */
export interface Column {
  readonly title: string;
  readonly cell: (number: NumberSummary) => string;
  readonly isGood?: (number: NumberSummary) => boolean;
}

const REWARD: Column = { title: 'reward', cell: ({ reward }) => formatNumber(reward.mean, 2) };
const INTERVAL: Column = {
  title: '95 % CI',
  cell: ({ reward: { interval } }) =>
    interval ? `${formatNumber(interval[0], 2)}–${formatNumber(interval[1], 2)}` : '–',
};
const EXACT: Column = {
  title: 'exact',
  cell: ({ exact }) => formatPercent(exact.mean),
  isGood: ({ exact }) => exact.mean >= MOSTLY_EXACT,
};
const ARRIVES: Column = {
  title: 'arrives',
  cell: ({ meanArrival }) => (meanArrival === null ? '–' : formatNumber(meanArrival, 1)),
};
const NEVER: Column = {
  title: 'never',
  cell: ({ neverArrived }) => formatPercent(neverArrived),
};

/** What to show of each agent, the fullest first: the first that fits is taken. */
const DETAILS: readonly (readonly Column[])[] = [
  [REWARD, INTERVAL, EXACT, ARRIVES, NEVER],
  [REWARD, EXACT, ARRIVES, NEVER],
  [REWARD, EXACT, ARRIVES],
  [REWARD, EXACT],
];

const signed = (value: number, digits: number): string =>
  `${value > 0 ? '+' : ''}${formatNumber(value, digits)}`;

/** The error of the episodes that did the task, below zero for too early or too little. */
const ERRORS: readonly Column[] = [
  { title: 'error', cell: ({ error }) => (error ? signed(error.mean, 2) : '–') },
  {
    title: 'from',
    cell: ({ error }) => (error ? signed(error.least, 0) : '–'),
  },
  { title: 'to', cell: ({ error }) => (error ? signed(error.greatest, 0) : '–') },
  { title: 'early', cell: ({ error }) => (error ? formatPercent(error.early) : '–') },
  { title: 'late', cell: ({ error }) => (error ? formatPercent(error.late) : '–') },
];

/** What other columns say already. */
const SHOWN_ANYWAY = ['exact', 'arrived'];

function metricColumns({ agents }: Summary): Column[] {
  const rows = agents.flatMap(({ numbers }) => numbers);
  const names = new Set(rows.flatMap(({ metrics }) => Object.keys(metrics ?? {})));
  return [...names]
    .filter((name) => !SHOWN_ANYWAY.includes(name))
    .map((name) => ({
      title: name,
      cell: ({ metrics }) => {
        const value = metrics?.[name];
        return value === undefined ? '–' : formatNumber(value, 2);
      },
    }));
}

/**
 * The columns of each agent, the fullest choice first; where errors and metrics are wanted, there is one choice. The step of arrival
 * is comparable only with a number of steps.
 */
export function detailsOf(summary: Summary, metrics = false): readonly (readonly Column[])[] {
  const { number, agents } = summary;
  const details = hasIntervals(agents) ? DETAILS : DETAILS.slice(1);
  const comparable = number.countsSteps
    ? details
    : details.map((columns) => columns.filter((column) => column !== ARRIVES));
  if (!metrics) return comparable;
  const hasErrors = agents.some(({ numbers }) => numbers.some(({ error }) => error));
  return [[...comparable[0]!, ...(hasErrors ? ERRORS : []), ...metricColumns(summary)]];
}

/** Whether any figure has an interval, which takes three seeds. */
export function hasIntervals(agents: readonly AgentSummary[]): boolean {
  return agents.some(({ numbers }) => numbers.some(({ reward }) => reward.interval !== null));
}
