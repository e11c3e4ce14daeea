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

/** Of the short tables. */
const MOST_COLUMNS = 12;

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
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => {
    const line = (cells: readonly string[]): string =>
      `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line), ''];
  };
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
      [symbol, ...numbers.map(formatWhole)],
      agents.map(({ name, lines }) => [name, ...numbers.map((number) => exactAt(lines, number))]),
    ),
    ...figures.flatMap(({ file, shows }) => [`![${shows}](${file})`, '']),
    '## Every run: exact',
    '',
    ...table(
      ['run', ...numbers.map(formatWhole)],
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
    'Mean over seeds with its 95 % bootstrap interval, and interquartile mean (IQM), of the reward and of the share of exact episodes;' +
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
          '95 % CI',
          'IQM',
          'exact',
          '95 % CI',
          'IQM',
          ...(countsSteps ? ['arrives'] : []),
          'never',
          `better than ${agents[0]!.name}`,
        ],
        lines.map((line) => [
          formatWhole(line.number),
          formatNumber(line.reward.mean, 2),
          interval(line.reward, (value) => formatNumber(value, 2)),
          formatNumber(line.rewardInterquartileMean, 2),
          formatPercent(line.exact.mean),
          interval(line.exact, formatPercent),
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

/** The last number of training, then those beyond, thinned out where they are many: the further from training, the more. */
function shortNumbers({ agents, summary: { trainingRange } }: StudyReport): number[] {
  const all = [...new Set(agents.flatMap(({ lines }) => lines.map(({ number }) => number)))];
  all.sort((a, b) => a - b);
  const from = trainingRange ? all.findLastIndex((number) => number <= trainingRange[1]) : 0;
  const candidates = all.slice(Math.max(0, from));
  if (candidates.length <= MOST_COLUMNS) return candidates;
  const first = candidates[0]!;
  const place = (number: number): number => Math.log(number - first + 1);
  const stride = place(candidates.at(-1)!) / (MOST_COLUMNS - 1);
  const nearest = (goal: number): number =>
    candidates.reduce((best, number) =>
      Math.abs(place(number) - goal) < Math.abs(place(best) - goal) ? number : best,
    );
  return [...new Set(Array.from({ length: MOST_COLUMNS }, (_, i) => nearest(i * stride)))];
}
