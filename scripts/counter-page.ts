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

/** Studies of the same agent with other settings, in the order of the page: the world's study, and what was set. */
export const VARIED: Readonly<Record<string, { readonly of: string; readonly set: string }>> = {
  'TimedGrid-three-pictures': { of: 'TimedGrid', set: '`pictures=3`' },
  'TimedGrid-3x3-three-pictures': { of: 'TimedGrid-3x3', set: '`pictures=3`' },
  'TimedGrid-9x9-three-pictures': { of: 'TimedGrid-9x9', set: '`pictures=3`' },
  'TimedMaze-three-pictures': { of: 'TimedMaze', set: '`pictures=3`' },
  'MovingTarget-three-pictures': { of: 'MovingTarget', set: '`pictures=3`' },
  'TwoTimes-three-pictures': { of: 'TwoTimes', set: '`pictures=3`' },
  'PacedGrid-three-pictures': { of: 'PacedGrid', set: '`pictures=3`' },
  'CountCoins-three-pictures': { of: 'CountCoins', set: '`pictures=3`' },
  'Knock-three-pictures': { of: 'Knock', set: '`pictures=3`' },
  'TimedGrid-9x9-faster': { of: 'TimedGrid-9x9', set: '`learningRate=0.002`' },
  'MovingTarget-no-dropout': { of: 'MovingTarget', set: '`memoryDropout=0`' },
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The share of exact episodes of each seed among those that can be exact, of all numbers for which `isWanted`. */
const exactOf = ({ runs }: StudyReport, isWanted: (number: number) => boolean): number[] =>
  runs.map(({ rows }) => {
    const wanted = rows.filter(({ number }) => isWanted(number));
    const most = mean(wanted.map(({ exactAtMost = 1 }) => exactAtMost));
    return mean(wanted.map(({ exact }) => exact)) / most;
  });

/** @param about what the second column says */
function row(world: string, about: string, report: StudyReport): string[] {
  const { summary, frames, runs } = report;
  const [least, greatest] = summary.trainingRange!;
  const at = (times: number) => exactOf(report, (number) => number === times * greatest);
  const trained = exactOf(report, (number) => number >= least && number <= greatest);
  const far = at(100);
  // A whole percent would hide whether a seed reaches 99.
  const each = far.map((exact) => Math.round(exact * 1000) / 10).join(', ');
  return [
    `${world}-v0`,
    about,
    `${summary.number!.symbol} = ${formatRange(least, greatest)}`,
    formatCount(frames),
    ...[trained, at(10)].map((shares) => formatPercent(mean(shares))),
    `${formatPercent(mean(far))} (${each})`,
    `${far.filter((exact) => exact >= 0.99).length} of ${runs.length}`,
  ];
}

const TITLES = [
  ...['trained on', 'frames', 'exact in training', 'ten times as far'],
  ...['a hundred times as far (each seed)', 'seeds at 99 % or more'],
];

function table(second: string, rows: readonly (readonly string[])[]): string {
  const titles = ['world', second, ...TITLES];
  return [titles, titles.map((_, i) => (i > 2 ? '--:' : '---')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** The tables of docs/counter/README.md: of the defaults, and of other settings. @param reports of the studies that are there, by name */
export function counterTables(reports: Readonly<Record<string, StudyReport>>): [string, string] {
  const defaults = Object.entries(COUNTED).flatMap(([name, counts]) =>
    reports[name] ? [row(name, counts, reports[name])] : [],
  );
  const varied = Object.entries(VARIED).flatMap(([name, { of, set }]) =>
    reports[name] ? [row(of, set, reports[name])] : [],
  );
  return [table('counts', defaults), table('`--set`', varied)];
}
