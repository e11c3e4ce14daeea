import type { TopLevelSpec } from 'vega-lite';
import { formatRange } from '../common/format.ts';
import { bySetting, type Estimate, type NumberSummary, type Summary } from '../evaluate/summary.ts';
import { drawSpec } from './draw-spec.ts';
import { FIGURE, PAGE_MARGIN, panelWidth, saySeeds } from './figure-layout.ts';
import { type LinePoint, lineLayers } from './line-layers.ts';
import { FIGURE_COLOURS } from './palette.ts';

export interface FigureSettings {
  /** How numbers are spread along the axis; by default `log` where they reach beyond ten times the greatest of training. */
  readonly timeAxis?: 'linear' | 'log';
}

const PANEL_GAP = 44;
const EXACT_HEIGHT = 104;
const REWARD_HEIGHT = FIGURE.height - FIGURE.top - FIGURE.bottom - PANEL_GAP - EXACT_HEIGHT;

/** With more numbers than this, dots would run into each other. */
const MOST_DOTS = 40;

const FONT = 'Inter, Helvetica Neue, Helvetica, Arial, sans-serif';

/** Fonts and inks that every figure has. */
export const FIGURE_CONFIG = {
  font: FONT,
  view: { stroke: null },
  title: {
    color: FIGURE_COLOURS.ink,
    fontSize: 17,
    fontWeight: 600,
    subtitleColor: FIGURE_COLOURS.quiet,
    subtitleFontSize: 12,
    subtitlePadding: 6,
  },
  axis: {
    labelColor: FIGURE_COLOURS.quiet,
    labelFontSize: 11,
    titleColor: FIGURE_COLOURS.ink,
    titleFontSize: 12,
    titleFontWeight: 400,
    gridColor: FIGURE_COLOURS.faint,
    domainColor: FIGURE_COLOURS.faint,
    tickColor: FIGURE_COLOURS.faint,
  },
} as const;

interface Point extends LinePoint {
  readonly number: number;
}

/** One quantity against the number. */
interface Panel {
  readonly name: string;
  readonly title: string;
  readonly points: readonly Point[];
  readonly maximum: number;
  readonly height: number;
  /** Room above the maximum, as a share of the axis below it. */
  readonly headroom: number;
  /** About how many ticks the vertical axis has, and the expression that writes them. */
  readonly ticks: number;
  readonly labels: string;
  /** The first panel carries the notes and the lines' names, the other the axis of the number. */
  readonly isFirst: boolean;
}

/**
 * Draws reward and exact episodes against the number, one line an agent.
 * @returns an SVG document, `FIGURE.width` by `FIGURE.height` pixels
 */
export async function drawNumberFigure(
  summary: Summary,
  settings: FigureSettings = {},
): Promise<string> {
  const height = FIGURE.height - FIGURE.top - FIGURE.bottom;
  return drawSpec(figureSpec(summary, settings), { width: panelWidth(bySetting(summary)), height });
}

/** The figure as a Vega-Lite specification: reward above, exact episodes below, over one axis. */
export function figureSpec(evaluated: Summary, settings: FigureSettings = {}): TopLevelSpec {
  const summary = bySetting(evaluated);
  const panels: Panel[] = [
    {
      name: 'reward',
      title: 'Reward per episode',
      points: pointsOf(summary, ({ reward }) => reward),
      maximum: summary.maxReward,
      height: REWARD_HEIGHT,
      headroom: 0.11,
      ticks: 5,
      labels: "format(datum.value, '.2~f')",
      isFirst: true,
    },
    {
      name: 'exact',
      title: 'Episodes exactly as asked for',
      points: pointsOf(summary, ({ exact }) => exact),
      maximum: 1,
      height: EXACT_HEIGHT,
      headroom: 0.04,
      ticks: 2,
      labels: "format(100 * datum.value, 'd') + ' %'",
      isFirst: false,
    },
  ];
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: `Reward and exact episodes against the ${summary.number.meaning} asked for: ${summary.agents.map(({ label }) => label).join(', ')}.`,
    background: 'white',
    padding: {
      left: FIGURE.left,
      right: FIGURE.width - FIGURE.left - panelWidth(summary),
      top: FIGURE.top,
      bottom: FIGURE.bottom,
    },
    title: {
      text: `Reward against the ${summary.number.meaning} asked for`,
      subtitle: subtitle(summary),
      anchor: 'start',
      frame: 'group',
      dx: PAGE_MARGIN - FIGURE.left,
      offset: 26,
    },
    spacing: PANEL_GAP,
    bounds: 'flush',
    vconcat: panels.map((panel) => panelSpec(summary, panel, settings)) as never,
    config: FIGURE_CONFIG,
  };
}

function panelSpec(summary: Summary, panel: Panel, settings: FigureSettings): object {
  const { x, y, first, last, bottom, top } = axes(summary, panel, settings);
  const labels = summary.agents.map(({ label }) => label);
  const { name, points, maximum, height } = panel;
  const encodingX = { field: 'number', ...x };
  const chart = lineLayers({ name, labels, points, x: encodingX, y, maximum });

  /** A few words at a place, out of the way of the data. */
  const note = (words: string, number: number, value: number, place: object): object => ({
    data: { values: [{ words, number, value }] },
    mark: { type: 'text', color: FIGURE_COLOURS.quiet, fontSize: 11, ...place },
    encoding: {
      x: encodingX,
      y: { field: 'value', ...y },
      text: { field: 'words' },
    },
  });

  const trained = overlap(summary.trainingRange, [first, last]);
  const shade = trained && {
    name: `${name}_training_range`,
    data: { values: [{ from: trained[0], to: trained[1] }] },
    mark: { type: 'rect', color: FIGURE_COLOURS.shade, opacity: 0.13 },
    encoding: { x: { field: 'from', ...x }, x2: { field: 'to' } },
  };
  const dots = {
    name: `${name}_dots`,
    data: { values: points },
    mark: { type: 'circle', size: 22, opacity: 1, stroke: 'white', strokeWidth: 0.8 },
    encoding: chart.encoding,
  };
  const names = chart.names({ number: last }, [bottom, top], height);
  const notes = [
    trained &&
      note(`trained on ${formatRange(...summary.trainingRange!)}`, trained[0], top, {
        align: 'left',
        baseline: 'top',
        dx: 6,
        dy: 6,
      }),
    note('maximum', last, maximum, { align: 'right', baseline: 'bottom', dy: -7 }),
  ];

  const hasRoomForDots = new Set(points.map(({ number }) => number)).size <= MOST_DOTS;
  const layer = [
    shade,
    chart.maximum,
    chart.bands,
    chart.lines,
    hasRoomForDots && dots,
    ...(panel.isFirst ? [names, ...notes] : []),
  ].filter(Boolean);
  return { width: panelWidth(summary), height, layer };
}

/** Position encodings of a panel, without their fields, and the ends of its axes. */
function axes({ trainingRange, number }: Summary, panel: Panel, { timeAxis }: FigureSettings) {
  const numbers = panel.points.map(({ number }) => number);
  const isSingle = new Set(numbers).size === 1;
  const first = Math.min(...numbers) - (isSingle ? 1 : 0);
  const last = Math.max(...numbers) + (isSingle ? 1 : 0);
  const bottom = Math.min(0, ...panel.points.map(({ low, mean }) => low ?? mean));
  const top = panel.maximum + (panel.maximum - bottom) * panel.headroom;
  const isFar = last > 10 * (trainingRange?.[1] ?? first);
  const isLog = first > 0 && (timeAxis ?? (isFar ? 'log' : 'linear')) === 'log';

  const unit = number.countsSteps ? ' (steps)' : '';

  const x = {
    type: 'quantitative',
    scale: { domain: [first, last], nice: false, ...(isLog ? { type: 'log' } : { zero: false }) },
    axis: {
      title: panel.isFirst ? null : `${number.symbol}, the ${number.meaning} asked for${unit}`,
      titlePadding: 10,
      labels: !panel.isFirst,
      ticks: !panel.isFirst,
      domain: !panel.isFirst,
      labelFlush: false,
      offset: 6,
      grid: false,
      format: ',d',
      tickMinStep: 1,
      ...(isLog ? { values: roundTimes(first, last) } : { tickCount: 6 }),
    },
  };
  const y = {
    type: 'quantitative',
    scale: { domain: [bottom, top], nice: false },
    axis: {
      title: panel.title,
      titleAngle: 0,
      titleAlign: 'left',
      titleBaseline: 'bottom',
      titleFontWeight: 600,
      titleX: PAGE_MARGIN - FIGURE.left,
      titleY: -10,
      domain: false,
      ticks: false,
      labelPadding: 12,
      tickCount: panel.ticks,
      labelExpr: panel.labels,
    },
  };
  return { x, y, first, last, bottom, top };
}

function pointsOf({ agents }: Summary, estimate: (number: NumberSummary) => Estimate): Point[] {
  return agents.flatMap(({ label, numbers }) =>
    numbers.map((number) => {
      const { mean, interval } = estimate(number);
      return {
        label,
        number: number.number,
        mean,
        low: interval?.[0] ?? null,
        high: interval?.[1] ?? null,
      };
    }),
  );
}

function overlap(
  range: readonly [number, number] | null,
  [first, last]: readonly [number, number],
): readonly [number, number] | null {
  if (!range) return null;
  const [from, to] = [Math.max(range[0], first), Math.min(range[1], last)];
  return from < to ? [from, to] : null;
}

/** The powers of ten that lie between two numbers, and 2 and 5 times them as long as they are not too many to be written. */
function roundTimes(first: number, last: number): number[] {
  const powers = Array.from({ length: Math.ceil(Math.log10(last)) + 1 }, (_, k) => 10 ** k);
  const finest = last > 1000 * first ? 100 : last;
  return powers
    .flatMap((power) => (power < finest ? [power, 2 * power, 5 * power] : [power]))
    .filter((number) => number >= first && number <= last);
}

function subtitle(summary: Summary): string {
  const { number, agents, episodes, policy } = summary;
  const counts = agents.flatMap(({ numbers }) => numbers.map(({ seeds }) => seeds));
  const isOne = counts.every((count) => count === 1);
  const played = `${formatRange(...episodes)} episodes for each ${number.symbol}${isOne ? '' : ' and seed'}`;
  return [saySeeds(counts), played, `${policy} policy`, ...sayOthers(summary)].join(' · ');
}

/** What the other numbers are that no line names: the value of one that is fixed, or that it was drawn. */
function sayOthers({ otherNumbers = [], agents }: Summary): string[] {
  const rows = agents.flatMap(({ numbers }) => numbers);
  return otherNumbers.flatMap(({ option, symbol }) => {
    const values = new Set(rows.map(({ others }) => others?.[option]));
    const [value] = values;
    if (typeof value !== 'number') return [`${symbol} drawn as in training`];
    return values.size === 1 ? [`${symbol} = ${value}`] : [];
  });
}
