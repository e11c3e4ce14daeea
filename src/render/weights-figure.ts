import type { TopLevelSpec } from 'vega-lite';
import { drawSpec } from './draw-spec.ts';
import { PAGE_MARGIN } from './figure-layout.ts';
import { FIGURE_CONFIG } from './number-figure.ts';
import { CELL_COLOURS, FIGURE_COLOURS } from './palette.ts';

/** Of an accumulator with more weights, so many are drawn, evenly taken. */
const MOST_WEIGHTS = 48;
const PANEL = { width: 130, height: 84, gap: 22 };
/** What a line can be of, by how the name of its weights ends, and how it is drawn. */
const PARTS = { sums: [], powers: [4, 2], gate: [1, 2] } as const;
const SEED_TITLE = { fontSize: 11, fontWeight: 400, color: FIGURE_COLOURS.quiet, offset: 4 };

/** The weights of one run while it learned. */
export interface WeightCurves {
  readonly agent: string;
  readonly seed: number;
  readonly learning: readonly {
    readonly frames: number;
    /** The weights of each neural accumulator by `name`, `name powers` or `name gate`. */
    readonly weights?: Readonly<Record<string, readonly number[]>>;
  }[];
}

/**
 * Draws every agent's accumulator weights against frames, a row for each agent and a panel for each seed: to see which come to
 * −1, 0 and 1.
 * @param shown at least one, each with weights
 * @returns an SVG document
 */
export function drawWeightsFigure(shown: readonly WeightCurves[]): Promise<string> {
  const agents = [...new Set(shown.map(({ agent }) => agent))];
  const seeds = [...new Set(shown.map(({ seed }) => seed))].sort((a, b) => a - b);
  const lastFrame = Math.max(...shown.map(({ learning }) => learning.at(-1)?.frames ?? 0));
  const keys = shown.flatMap(({ learning }) => Object.keys(learning.at(-1)?.weights ?? {}));
  const parts = new Set(keys.map((key) => partOf(key)));
  const greatest = Math.max(1, ...shown.flatMap(({ learning }) => learning.map(greatestWeight)));
  const names = shown.map(({ learning }) => [
    ...new Set(Object.keys(learning.at(-1)?.weights ?? {}).map(accumulatorOf)),
  ]);
  const last = [...new Set(names.flatMap((all) => all.slice(-1)))];
  const before = [...new Set(names.flat())].filter((name) => !last.includes(name));
  const rows = agents.map((agent, row) => ({
    title: { text: agent, anchor: 'start', frame: 'group', fontSize: 13, offset: 6 },
    spacing: PANEL.gap,
    bounds: 'flush',
    hconcat: seeds.map((seed, column) => {
      const result = shown.find((one) => one.agent === agent && one.seed === seed);
      return panel(result, {
        accumulators: { last, before },
        title: row === 0 ? `seed ${seed}` : undefined,
        ...{ lastFrame, greatest },
        isFirst: column === 0,
        isLast: row === agents.length - 1,
      });
    }),
  }));
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: `The weights of the neural accumulators while they learn: ${agents.join(', ')}.`,
    background: 'white',
    padding: PAGE_MARGIN,
    title: {
      text: 'The weights of the neural accumulators while they learn',
      subtitle: subtitle(before, parts),
      anchor: 'start',
      offset: 18,
    },
    vconcat: rows,
    config: FIGURE_CONFIG,
  };
  return drawSpec(spec as unknown as TopLevelSpec);
}

/** `cell powers` is of `powers`, a plain name of sums. */
const PART = / (powers|gate)$/;
const partOf = (key: string): keyof typeof PARTS => {
  const [, part = 'sums'] = PART.exec(key) ?? [];
  return part as keyof typeof PARTS;
};
const accumulatorOf = (key: string): string => key.replace(PART, '');

const greatestWeight = ({ weights = {} }: WeightCurves['learning'][number]): number =>
  Math.max(0, ...Object.values(weights).flatMap((all) => all.map(Math.abs)));

/** What the lines are, as far as there are such. */
function subtitle(before: readonly string[], parts: ReadonlySet<string>): string {
  return [
    `A line for each weight, at most ${MOST_WEIGHTS} an accumulator`,
    ...(before.length > 0
      ? [`orange: ${before.map((name) => `the ${name}'s`).join(' and ')}`]
      : []),
    ...(parts.has('powers') ? ['dashed: exponents of products'] : []),
    ...(parts.has('gate') ? ['dotted: gates, 1 where the cell adds'] : []),
  ].join('; ');
}

interface Place {
  /** Names of accumulators, by how they are drawn. */
  readonly accumulators: { readonly last: readonly string[]; readonly before: readonly string[] };
  readonly title: string | undefined;
  readonly lastFrame: number;
  /** The size of the greatest weight, at least 1. */
  readonly greatest: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** @param result undefined where this agent was not trained with this seed */
function panel(
  result: WeightCurves | undefined,
  { accumulators: { last, before }, title, lastFrame, greatest, isFirst, isLast }: Place,
): object {
  const frames = {
    field: 'frames',
    type: 'quantitative',
    scale: { domain: [0, lastFrame], nice: false },
    axis: {
      title: isFirst && isLast ? 'frames trained on' : null,
      titleAnchor: 'start',
      grid: false,
      labels: isLast,
      ticks: isLast,
      labelExpr: "datum.value === 0 ? '0' : format(datum.value, '~s')",
      tickCount: 3,
    },
  };
  const weight = {
    field: 'weight',
    type: 'quantitative',
    scale: { domain: [-greatest, greatest], nice: false },
    axis: {
      ...{ title: null, values: [-1, 0, 1], format: '.0f', ticks: false, domain: false },
      // Unseen rather than left out: panels with and without would not be level.
      labelOpacity: isFirst ? 1 : 0,
    },
  };
  return {
    ...{ width: PANEL.width, height: PANEL.height },
    ...(title && {
      title: { text: title, anchor: 'start', frame: 'group', ...SEED_TITLE },
    }),
    data: { values: result ? linesOf(result, before) : [] },
    mark: { type: 'line', opacity: 0.7 },
    encoding: {
      x: frames,
      y: weight,
      detail: { field: 'line' },
      strokeDash: {
        field: 'part',
        type: 'nominal',
        legend: null,
        scale: { domain: Object.keys(PARTS), range: Object.values(PARTS) },
      },
      strokeWidth: {
        condition: {
          test: `indexof(${JSON.stringify(before)}, datum.accumulator) >= 0`,
          value: 1.6,
        },
        value: 0.8,
      },
      color: {
        field: 'accumulator',
        type: 'nominal',
        legend: null,
        scale: {
          domain: [...before, ...last],
          range: [...before.map(() => CELL_COLOURS.before), ...last.map(() => CELL_COLOURS.last)],
        },
      },
    },
  };
}

/** The points of the lines, those of the accumulators `onTop` last. */
function linesOf({ learning }: WeightCurves, onTop: readonly string[]) {
  const points = learning.flatMap(({ frames, weights = {} }) =>
    Object.entries(weights).flatMap(([key, all]) => {
      const [accumulator, part] = [accumulatorOf(key), partOf(key)];
      const stride = Math.ceil(all.length / MOST_WEIGHTS);
      return all.flatMap((weight, i) =>
        i % stride === 0 ? [{ frames, weight, accumulator, part, line: `${key} ${i}` }] : [],
      );
    }),
  );
  const isOnTop = ({ accumulator }: { accumulator: string }) => Number(onTop.includes(accumulator));
  return points.sort((a, b) => isOnTop(a) - isOnTop(b));
}
