import { styleText } from 'node:util';
import { formatNumber, formatPercent, formatRange } from '../common/format.ts';
import { printableData } from '../common/printable-data.ts';
import {
  type AgentSummary,
  MOSTLY_EXACT,
  NEAR_MAXIMUM,
  type NumberRange,
  type NumberSummary,
  type Summary,
} from '../evaluate/summary.ts';

export interface TableSettings {
  /** Width that the table keeps to, in characters; 100 by default. */
  readonly columns?: number;
  /** Whether to emit terminal colours; false by default. */
  readonly colour?: boolean;
}

/** One figure of an agent at a number. */
interface Column {
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

/** The step of arrival is comparable only with a number of steps. */
function detailsOf({ number, agents }: Summary): readonly (readonly Column[])[] {
  const details = hasSeveralSeeds(agents) ? DETAILS : DETAILS.slice(1);
  if (number.countsSteps) return details;
  return details.map((columns) => columns.filter((column) => column !== ARRIVES));
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
  const { columns = 100, colour = false } = settings;
  const blocks = arrange(summary, summary.agents, columns);
  const paint = ({ text, style }: Cell): string =>
    colour && style ? styleText(style, text, { validateStream: false }) : text;
  const lines = blocks.flatMap((block, index) => [
    ...(index > 0 ? [''] : []),
    ...block.map((cells) => cells.map(paint).join('').trimEnd()),
  ]);
  return [...lines, '', ...describe(summary)].join('\n');
}

/** The same table in Markdown, with every column. */
export function formatMarkdownTable(given: Summary): string {
  const summary = printableData(given);
  const shown = detailsOf(summary)[0]!;
  const { symbol } = summary.number;
  const titles = summary.agents.flatMap(({ label }) =>
    shown.map(({ title }) => `${label}: ${title}`),
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rows = allTimes(summary.agents).map((number) =>
    line([
      isTrained(summary, number) ? `${number} ${TRAINED_MARK}` : `${number}`,
      ...summary.agents.flatMap((agent) => {
        const found = agent.numbers.find((candidate) => candidate.number === number);
        return shown.map(({ cell }) => (found ? cell(found) : ''));
      }),
    ]),
  );
  return [
    line([symbol, ...titles]),
    line([symbol, ...titles].map(() => '--:')),
    ...rows,
    '',
    ...describe(summary).map((sentence) => `- ${sentence}`),
  ].join('\n');
}

/** Blocks of lines of cells, each at most `width` characters wide where possible. */
function arrange(summary: Summary, agents: readonly AgentSummary[], width: number): Cell[][][] {
  const details = detailsOf({ ...summary, agents });
  for (const shown of details) {
    const block = layOut(summary, agents, shown);
    const widest = Math.max(
      ...block.map((cells) => cells.reduce((sum, { text }) => sum + text.length, 0)),
    );
    if (widest <= width || (agents.length === 1 && shown === details.at(-1))) return [block];
  }
  const half = Math.ceil(agents.length / 2);
  return [
    ...arrange(summary, agents.slice(0, half), width),
    ...arrange(summary, agents.slice(half), width),
  ];
}

function layOut(
  summary: Summary,
  agents: readonly AgentSummary[],
  shown: readonly Column[],
): Cell[][] {
  const numbers = allTimes(agents);
  const { symbol } = summary.number;
  const timeWidth = Math.max(symbol.length, ...numbers.map((number) => `${number}`.length));
  const groups = agents.map((agent) => {
    const byNumber = new Map(agent.numbers.map((number) => [number.number, number]));
    const columns = shown.map((column) => ({
      ...column,
      width: Math.max(
        column.title.length,
        ...agent.numbers.map((number) => column.cell(number).length),
      ),
    }));
    const natural = columns.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length);
    const heading = agentHeading(agent);
    return { byNumber, columns, heading, width: Math.max(natural, heading.length), natural };
  });
  const rule: Cell = { text: RULE, style: 'dim' };
  const stub = (number: string, mark: string): Cell[] => [
    { text: ` ${number.padStart(timeWidth)} ` },
    { text: mark, style: 'dim' },
  ];

  const headings = [
    ...stub('', ' '),
    ...groups.flatMap(({ heading, width }): Cell[] => [
      rule,
      { text: heading.padEnd(width), style: 'bold' },
    ]),
  ];
  const titles = [
    ...stub(symbol, ' '),
    ...groups.flatMap(({ columns, width, natural }): Cell[] => [
      rule,
      {
        text: columns.map((column) => column.title.padStart(column.width)).join(GAP),
        style: 'dim',
      },
      { text: ' '.repeat(width - natural) },
    ]),
  ];
  const line: Cell = {
    text: ['─'.repeat(timeWidth + 3), ...groups.map(({ width }) => '─'.repeat(width))].join('─┼─'),
    style: 'dim',
  };
  const rows = numbers.map((number) => [
    ...stub(`${number}`, isTrained(summary, number) ? TRAINED_MARK : ' '),
    ...groups.flatMap(({ byNumber, columns, width, natural }): Cell[] => {
      const found = byNumber.get(number);
      const cells = columns.map(
        (column, index): Cell => ({
          text: (index > 0 ? GAP : '') + (found ? column.cell(found) : '').padStart(column.width),
          ...(found && column.isGood?.(found) ? { style: 'green' } : {}),
        }),
      );
      return [rule, ...cells, { text: ' '.repeat(width - natural) }];
    }),
  ]);
  return [headings, titles, [line], ...rows];
}

/** The summary of the table: where each agent is at its best, and what the marks mean. */
function describe(summary: Summary): string[] {
  const { agents, trainingRange, episodes, policy, maxReward } = summary;
  const { symbol } = summary.number;
  const best = agents.map(
    ({ label, nearMaximum, mostlyExact }) =>
      `${label}: ≥ ${formatPercent(NEAR_MAXIMUM)} of the maximum reward ${describeStretch(nearMaximum, symbol)}, ` +
      `≥ ${formatPercent(MOSTLY_EXACT)} exact ${describeStretch(mostlyExact, symbol)}`,
  );
  const notes = [
    `${formatRange(...episodes)} episodes for each ${symbol}${hasSeveralSeeds(agents) ? ' and seed' : ''}, ${policy} policy, maximum reward ${maxReward}`,
  ];
  if (trainingRange)
    notes.unshift(`${TRAINED_MARK} met in training (${symbol} = ${formatRange(...trainingRange)})`);
  return [...best, ...notes];
}

function describeStretch(stretch: NumberRange | null, symbol: string): string {
  if (!stretch) return `at no ${symbol}`;
  const [from, to] = stretch;
  return from === to ? `at ${symbol} = ${from} only` : `for ${symbol} = ${from} to ${to}`;
}

function agentHeading({ label, seeds }: AgentSummary): string {
  return seeds.length === 1 ? label : `${label} · ${seeds.length} seeds`;
}

function hasSeveralSeeds(agents: readonly AgentSummary[]): boolean {
  return agents.some(({ seeds }) => seeds.length > 1);
}

function allTimes(agents: readonly AgentSummary[]): number[] {
  const numbers = new Set(agents.flatMap((agent) => agent.numbers.map(({ number }) => number)));
  return [...numbers].sort((a, b) => a - b);
}

function isTrained({ trainingRange }: Summary, number: number): boolean {
  return trainingRange !== null && number >= trainingRange[0] && number <= trainingRange[1];
}
