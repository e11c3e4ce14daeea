import {
  formatCount,
  formatNumber,
  formatPercent,
  formatRange,
  formatWhole,
} from '../common/format.ts';
import { printableData } from '../common/printable-data.ts';
import type { ReportLine, StudyReport } from '../evaluate/report-lines.ts';
import type { Estimate } from '../evaluate/summary.ts';
import { policyGap } from './evaluation-table.ts';
import { markdownTable } from './markdown-table.ts';

/** Of the short tables. */
const MOST_COLUMNS = 12;
/** Of these, numbers of training. */
const MOST_TRAINED = 3;

/**
 * The report in Markdown.
 * @param command the command line that regenerates it
 * @param figures files of pictures, and what they show
 */
export function formatStudyReport(
  given: StudyReport,
  command: string,
  figures: readonly { readonly file: string; readonly shows: string }[],
): string {
  const report = printableData(given);
  const { summary, agents, runs, frames } = report;
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  const trained = summary.trainingRange;
  const { symbol, countsSteps } = summary.number;
  const numbers = shortNumbers(report);
  const headings = numbers.map((number) => {
    const isTrained = trained && number >= trained[0] && number <= trained[1];
    return `${formatWhole(number)}${isTrained ? ' •' : ''}`;
  });
  const hasIntervals = agents.some(({ lines }) => lines.some(({ reward }) => reward.interval));
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
    ...markdownTable(head, rows, 'left'),
    '',
  ];
  const exactAt = (lines: readonly ReportLine[], number: number): string => {
    const line = lines.find((candidate) => candidate.number === number);
    return line ? formatPercent(line.exact.mean) : '';
  };
  return [
    `# ${report.title}`,
    '',
    `Made by \`${command}\`: ${plural(agents.length, 'agent')} with ${plural(seeds.length, 'seed')} each, ${formatCount(frames)} frames a run` +
      `${trained ? `, trained on ${symbol} = ${formatRange(...trained)}` : ''}; ${summary.episodes[1]} episodes for each ${symbol} and run${exceptions(report)}, ${summary.policy} policy,` +
      ` from seeds that training never used, maximum reward ${summary.maxReward}. Every run that the study declares is below.`,
    '',
    ...agents.flatMap(({ name, about }) => (about ? [`- **${name}**: ${about}`] : [])),
    '',
    `## Exact, in per cent of the episodes (mean over seeds)`,
    '',
    ...table(
      [symbol, ...headings],
      agents.map(({ name, lines }) => [name, ...numbers.map((number) => exactAt(lines, number))]),
    ),
    ...(trained ? [`• met in training`, ''] : []),
    ...(summary.policyGaps ?? []).flatMap((gap) => [`${policyGap(gap, symbol)}.`, '']),
    ...figures.flatMap(({ file, shows }) => [`![${shows}](${file})`, '']),
    '## Every run: exact',
    '',
    ...table(
      ['run', ...headings],
      runs.map(({ agent, seed, rows }) => [
        `${agent}, seed ${seed}`,
        ...numbers.map((number) => {
          const row = rows.find((candidate) => candidate.number === number);
          return row ? formatPercent(row.exact) : '';
        }),
      ]),
    ),
    '## Every number',
    '',
    `Mean over seeds${hasIntervals ? ' with its 95 % bootstrap interval' : ', without an interval, which takes three seeds at least'}, and interquartile mean (IQM), of the reward and of the share of exact episodes;` +
      `${countsSteps ? ' the mean step of arrival;' : ''} the share that never arrived; and how often a run of the agent has the higher reward` +
      ` than one of ${agents[0]!.name} (ties count half).`,
    '',
    ...agents.flatMap(({ name, lines }) => [
      `### ${name}`,
      '',
      ...table(
        [
          symbol,
          'reward',
          ...(hasIntervals ? ['95 % CI'] : []),
          'IQM',
          'exact',
          ...(hasIntervals ? ['95 % CI'] : []),
          'IQM',
          ...(countsSteps ? ['arrives'] : []),
          'never',
          `better than ${agents[0]!.name}`,
        ],
        lines.map((line) => [
          formatWhole(line.number),
          formatNumber(line.reward.mean, 2),
          ...(hasIntervals ? [interval(line.reward, (value) => formatNumber(value, 2))] : []),
          formatNumber(line.rewardInterquartileMean, 2),
          formatPercent(line.exact.mean),
          ...(hasIntervals ? [interval(line.exact, formatPercent)] : []),
          formatPercent(line.exactInterquartileMean),
          ...(countsSteps
            ? [line.meanArrival === null ? '–' : formatNumber(line.meanArrival, 1)]
            : []),
          formatPercent(line.neverArrived),
          line.improvement === null ? '–' : formatPercent(line.improvement),
        ]),
      ),
    ]),
  ].join('\n');
}

const plural = (count: number, what: string): string =>
  `${count === 1 ? 'one' : count} ${what}${count === 1 ? '' : 's'}`;

/** Where fewer episodes were played, or with fewer seeds: ` (at t = 1,000,000 5, with one seed)`. */
function exceptions({ agents, summary, runs }: StudyReport): string {
  const { symbol } = summary.number;
  const said = agents.flatMap(({ name, lines }) => {
    const all = runs.filter(({ agent }) => agent === name).length;
    return lines
      .filter(({ seeds, episodes }) => seeds < all || episodes < summary.episodes[1])
      .map(({ number, seeds, episodes }) => {
        const by = seeds < all ? `, with ${plural(seeds, 'seed')} of ${name}` : '';
        return `at ${symbol} = ${formatWhole(number)} ${episodes}${by}`;
      });
  });
  const distinct = [...new Set(said)];
  return distinct.length === 0 ? '' : ` (${distinct.join('; ')})`;
}

const interval = ({ interval: ends }: Estimate, write: (value: number) => string): string =>
  ends ? `${write(ends[0])} to ${write(ends[1])}` : '–';

/** Some numbers of training, and those beyond: thinned out where they are many, the more the further from training. */
function shortNumbers({ agents, summary: { trainingRange } }: StudyReport): number[] {
  const all = [...new Set(agents.flatMap(({ lines }) => lines.map(({ number }) => number)))];
  all.sort((a, b) => a - b);
  const greatest = trainingRange?.[1] ?? Number.NEGATIVE_INFINITY;
  const known = all.filter((number) => number <= greatest);
  const shown = evenly(known, MOST_TRAINED);
  const beyond = all.slice(known.length);
  const room = MOST_COLUMNS - shown.length;
  if (beyond.length <= room) return [...shown, ...beyond];
  const start = known.at(-1) ?? beyond[0]!;
  const place = (number: number): number => Math.log(number - start + 1);
  const stride = place(beyond.at(-1)!) / room;
  const nearest = (goal: number): number =>
    beyond.reduce((best, number) =>
      Math.abs(place(number) - goal) < Math.abs(place(best) - goal) ? number : best,
    );
  return [
    ...new Set([...shown, ...Array.from({ length: room }, (_, i) => nearest((i + 1) * stride))]),
  ];
}

/** At most `count` of these numbers, the first and the last among them. */
function evenly(numbers: readonly number[], count: number): number[] {
  if (numbers.length <= count) return [...numbers];
  const last = numbers.length - 1;
  return Array.from({ length: count }, (_, i) => numbers[Math.round((i * last) / (count - 1))]!);
}
