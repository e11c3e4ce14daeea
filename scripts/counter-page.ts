import { formatCount, formatPercent, formatRange } from '../src/common/format.ts';
import type { StudyReport } from '../src/evaluate/report-lines.ts';

/** The studies of `nac-counter`, in the order of the page, and what each world counts. */
export const COUNTED: Readonly<Record<string, string>> = {
  TimedGrid: 'steps',
  'TimedGrid-3x3': 'steps',
  'TimedGrid-9x9': 'steps',
  TimedMaze: 'steps, around walls',
  MovingTarget: 'steps, to a target that walks',
  TwoTimes: 'steps, twice',
  PacedGrid: 'steps, as many as the product of two numbers',
  CountCoins: 'coins',
  Knock: 'knocks',
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The share of exact episodes of each seed, of all numbers for which `isWanted`. */
const exactOf = ({ runs }: StudyReport, isWanted: (number: number) => boolean): number[] =>
  runs.map(({ rows }) =>
    mean(rows.filter(({ number }) => isWanted(number)).map(({ exact }) => exact)),
  );

function row(name: string, report: StudyReport): string[] {
  const { summary, frames, runs } = report;
  const [least, greatest] = summary.trainingRange!;
  const at = (times: number) => exactOf(report, (number) => number === times * greatest);
  const trained = exactOf(report, (number) => number >= least && number <= greatest);
  const far = at(100);
  // A whole percent would hide whether a seed reaches 99.
  const each = far.map((exact) => Math.round(exact * 1000) / 10).join(', ');
  return [
    `${name}-v0`,
    COUNTED[name]!,
    `${summary.number!.symbol} = ${formatRange(least, greatest)}`,
    formatCount(frames),
    ...[trained, at(10)].map((shares) => formatPercent(mean(shares))),
    `${formatPercent(mean(far))} (${each})`,
    `${far.filter((exact) => exact >= 0.99).length} of ${runs.length}`,
  ];
}

const TITLES = [
  ...['world', 'counts', 'trained on', 'frames', 'exact there', 'ten times as far'],
  ...['a hundred times as far (each seed)', 'seeds with 99 % there'],
];

/** The table of docs/counter/README.md. @param reports of the studies that are there, by name */
export function counterTable(reports: Readonly<Record<string, StudyReport>>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    TITLES,
    TITLES.map((_, i) => (i > 2 ? '--:' : '---')),
    ...Object.keys(COUNTED).flatMap((name) => (reports[name] ? [row(name, reports[name])] : [])),
  ]
    .map(line)
    .join('\n');
}
