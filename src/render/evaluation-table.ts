import { styleText } from 'node:util';
import { formatNumber, formatPercent, formatRange } from '../common/format.ts';
import { printableData } from '../common/printable-data.ts';
import { compareRows, settingOf } from '../evaluate/results.ts';
import {
  type AgentSummary,
  bySetting,
  MOSTLY_EXACT,
  NEAR_MAXIMUM,
  type NumberRange,
  type NumberSummary,
  type PolicyGap,
  type Summary,
} from '../evaluate/summary.ts';
import { type Column, detailsOf, hasIntervals } from './evaluation-columns.ts';
import { markdownTable } from './markdown-table.ts';

export interface TableSettings {
  /** Width that the table keeps to, in characters; 100 by default. */
  readonly columns?: number;
  /** Whether to emit terminal colours; false by default. */
  readonly colour?: boolean;
  /** Whether to show the signed error and every metric of the world too; false by default. */
  readonly metrics?: boolean | undefined;
}

const GAP = '  ';
const RULE = ' │ ';
const TRAINED_MARK = '•';

interface Cell {
  readonly text: string;
  readonly style?: Parameters<typeof styleText>[0];
}

/**
 * A table for the terminal: a row for each number asked for, a group of columns for each agent, and a summary underneath.
 * Where the agents do not fit side by side, columns are left out first, then the agents are put beneath one another.
 * @returns lines joined by `\n`, without one at the end
 */
export function formatTable(given: Summary, settings: TableSettings = {}): string {
  const summary = printableData(given);
  const { columns = 100, colour = false, metrics } = settings;
  const blocks = arrange(summary, summary.agents, columns, metrics);
  const paint = ({ text, style }: Cell): string =>
    colour && style ? styleText(style, text, { validateStream: false }) : text;
  const lines = blocks.flatMap((block, index) => [
    ...(index > 0 ? [''] : []),
    ...block.map((cells) => cells.map(paint).join('').trimEnd()),
  ]);
  return [...lines, '', ...describe(summary, metrics)].join('\n');
}

/** The same table in Markdown, with every column. */
export function formatMarkdownTable(
  given: Summary,
  { metrics }: Pick<TableSettings, 'metrics'> = {},
): string {
  const summary = printableData(given);
  const shown = detailsOf(summary, metrics)[0]!;
  const symbols = symbolsOf(summary);
  const titles = summary.agents.flatMap(({ label }) =>
    shown.map(({ title }) => `${label}: ${title}`),
  );
  const rows = rowsOf(summary.agents).map((row) => {
    const numbers = numbersIn(summary, row);
    const mark = isTrained(summary, row) ? ` ${TRAINED_MARK}` : '';
    return [
      ...numbers.slice(0, -1),
      `${numbers.at(-1)}${mark}`,
      ...summary.agents.flatMap((agent) => {
        const found = at(agent, row);
        return shown.map(({ cell }) => (found ? cell(found) : ''));
      }),
    ];
  });
  return [
    ...markdownTable([...symbols, ...titles], rows),
    '',
    ...describe(summary, metrics).map((sentence) => `- ${sentence}`),
  ].join('\n');
}

/** Blocks of lines of cells, each at most `width` characters wide where possible. */
function arrange(
  summary: Summary,
  agents: readonly AgentSummary[],
  width: number,
  metrics?: boolean,
): Cell[][][] {
  const details = detailsOf({ ...summary, agents }, metrics);
  for (const shown of details) {
    const block = layOut(summary, agents, shown);
    const widest = Math.max(
      ...block.map((cells) => cells.reduce((sum, { text }) => sum + text.length, 0)),
    );
    if (widest <= width || (agents.length === 1 && shown === details.at(-1))) return [block];
  }
  const half = Math.ceil(agents.length / 2);
  return [
    ...arrange(summary, agents.slice(0, half), width, metrics),
    ...arrange(summary, agents.slice(half), width, metrics),
  ];
}

function layOut(
  summary: Summary,
  agents: readonly AgentSummary[],
  shown: readonly Column[],
): Cell[][] {
  const rows = rowsOf(agents);
  const symbols = symbolsOf(summary);
  const numbers = rows.map((row) => numbersIn(summary, row));
  const widths = symbols.map((symbol, i) => widest([symbol, ...numbers.map((row) => row[i]!)]));
  const groups = agents.map((agent) => {
    const columns = shown.map((column) => ({
      ...column,
      width: widest([column.title, ...agent.numbers.map(column.cell)]),
    }));
    const natural = columns.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length);
    const heading = agentHeading(agent);
    return { agent, columns, heading, width: Math.max(natural, heading.length), natural };
  });
  type Group = (typeof groups)[number];
  /** A line of the table: the numbers, a mark, and the cells of each agent. */
  const line = (stub: readonly string[], mark: string, cells: (group: Group) => Cell[]): Cell[] => [
    { text: ` ${stub.map((text, i) => text.padStart(widths[i]!)).join(GAP)} ` },
    { text: mark, style: 'dim' },
    ...groups.flatMap((group): Cell[] => {
      const own = cells(group);
      const length = own.reduce((sum, { text }) => sum + text.length, 0);
      return [{ text: RULE, style: 'dim' }, ...own, { text: ' '.repeat(group.width - length) }];
    }),
  ];
  const blank = symbols.map(() => '');
  const stubWidth = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length);
  return [
    line(blank, ' ', ({ heading }) => [{ text: heading, style: 'bold' }]),
    line(symbols, ' ', ({ columns }) => [
      { text: columns.map(({ title, width }) => title.padStart(width)).join(GAP), style: 'dim' },
    ]),
    [
      {
        text: ['─'.repeat(stubWidth + 3), ...groups.map(({ width }) => '─'.repeat(width))].join(
          '─┼─',
        ),
        style: 'dim',
      },
    ],
    ...rows.map((row, i) =>
      line(numbers[i]!, isTrained(summary, row) ? TRAINED_MARK : ' ', ({ agent, columns }) => {
        const found = at(agent, row);
        return columns.map(
          (column, index): Cell => ({
            text: (index > 0 ? GAP : '') + (found ? column.cell(found) : '').padStart(column.width),
            ...(found && column.isGood?.(found) ? { style: 'green' } : {}),
          }),
        );
      }),
    ),
  ];
}

const widest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));

/** The summary of the table: where each agent is at its best, and what the marks mean. */
function describe(summary: Summary, metrics = false): string[] {
  const { agents, trainingRange, episodes, policy, maxReward, otherNumbers = [] } = summary;
  const { symbol } = summary.number;
  const best = bySetting(summary).agents.map(
    ({ label, nearMaximum, mostlyExact }) =>
      `${label}: ≥ ${formatPercent(NEAR_MAXIMUM)} of the maximum reward ${describeStretch(nearMaximum, symbol)}, ` +
      `≥ ${formatPercent(MOSTLY_EXACT)} exact ${describeStretch(mostlyExact, symbol)}`,
  );
  const notes = [
    `${formatRange(...episodes)} episodes for each ${symbol}${hasSeveralSeeds(agents) ? ' and seed' : ''}, ${policy} policy, maximum reward ${maxReward}`,
  ];
  for (const { option, symbol, meaning } of otherNumbers) {
    const isDrawn = agents.some(({ numbers }) =>
      numbers.some(({ others }) => Array.isArray(others?.[option])),
    );
    notes.unshift(
      `${symbol} is the ${meaning}${isDrawn ? ', which the world drew from the range shown' : ''}`,
    );
  }
  if (trainingRange)
    notes.unshift(`${TRAINED_MARK} met in training (${symbol} = ${formatRange(...trainingRange)})`);
  const limit = exactLimit(agents, symbol);
  if (limit) notes.push(limit);
  if (metrics && agents.some(({ numbers }) => numbers.some(({ error }) => error))) {
    notes.push(
      'error: the mean, the least and the greatest of the episodes that have one, below zero for too early or too little; early, late: the shares of those episodes',
    );
  }
  if (hasSeveralSeeds(agents) && !hasIntervals(agents)) {
    notes.push('no interval is given: it takes three seeds at least');
  }
  const other = policy === 'greedy' ? 'sample' : 'greedy';
  const gaps = (summary.policyGaps ?? []).map(
    (gap) => `${policyGap(gap, symbol)}; to see those, evaluate with --policy ${other}`,
  );
  return [...best, ...gaps, ...notes];
}

/** Numbers at which not every episode can be exact that are named one by one. */
const MOST_NAMED = 4;

/** At which numbers not every episode can be exact, whoever plays it; undefined where all can, or no world says. */
export function exactLimit(agents: readonly AgentSummary[], symbol: string): string | undefined {
  const least = new Map<number, number>();
  for (const { number, exactAtMost = 1 } of agents.flatMap(({ numbers }) => numbers)) {
    if (exactAtMost < 1) least.set(number, Math.min(exactAtMost, least.get(number) ?? 1));
  }
  if (least.size === 0) return undefined;
  const limits = [...least].sort(([a], [b]) => a - b);
  if (limits.length <= MOST_NAMED) {
    const named = limits.map(
      ([number, share]) => `${formatPercent(share)} (${symbol} = ${number})`,
    );
    return `no agent can be exact in more than ${named.join(', ')} of the episodes`;
  }
  const shares = limits.map(([, share]) => Math.round(share * 100));
  return (
    `no agent can be exact in more than ${formatRange(Math.min(...shares), Math.max(...shares))} % of the episodes` +
    ` at ${limits.length} numbers (${symbol} = ${formatRange(limits[0]![0], limits.at(-1)![0])})`
  );
}

/** That an agent earns very different rewards with greedy and with sampled actions. */
export function policyGap(
  { label, seed, episodes, numbers, greedy, sample }: PolicyGap,
  symbol: string,
): string {
  return (
    `${label}, seed ${seed}, earns ${formatNumber(greedy, 2)} with greedy actions but ${formatNumber(sample, 2)} with sampled ones, which training takes` +
    ` (mean of ${episodes} episodes each, ${symbol} = ${formatRange(...numbers)})`
  );
}

function describeStretch(stretch: NumberRange | null, symbol: string): string {
  if (!stretch) return `for no ${symbol}`;
  const [from, to] = stretch;
  return from === to ? `at ${symbol} = ${from} only` : `for ${symbol} = ${from} to ${to}`;
}

function agentHeading({ label, seeds }: AgentSummary): string {
  return seeds.length === 1 ? label : `${label} · ${seeds.length} seeds`;
}

function hasSeveralSeeds(agents: readonly AgentSummary[]): boolean {
  return agents.some(({ seeds }) => seeds.length > 1);
}

/** One agent's figures for each row, by the rows' order. */
function rowsOf(agents: readonly AgentSummary[]): NumberSummary[] {
  const rows = new Map(
    agents.flatMap(({ numbers }) => numbers.map((number) => [keyOf(number), number] as const)),
  );
  return [...rows.values()].sort(compareRows);
}

const keyOf = (row: NumberSummary): string => `${row.number} ${settingOf(row)}`;

const at = ({ numbers }: AgentSummary, row: NumberSummary): NumberSummary | undefined =>
  numbers.find((number) => keyOf(number) === keyOf(row));

/** The symbols of all numbers, that of the rows last. */
function symbolsOf({ number, otherNumbers = [] }: Summary): string[] {
  return [...otherNumbers, number].map(({ symbol }) => symbol);
}

/** The values of all numbers in a row, in the order of `symbolsOf`. */
function numbersIn({ otherNumbers = [] }: Summary, { number, others = {} }: NumberSummary) {
  const values = otherNumbers.map(({ option }) => [others[option] ?? []].flat());
  return [
    ...values.map((value) => (value.length > 0 ? formatRange(value[0]!, value.at(-1)!) : '')),
    `${number}`,
  ];
}

function isTrained({ trainingRange }: Summary, { number }: NumberSummary): boolean {
  return trainingRange !== null && number >= trainingRange[0] && number <= trainingRange[1];
}
