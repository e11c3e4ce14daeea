import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Result } from '../study/result.ts';
import { colourByLabel } from './palette.ts';

const FONT = 'Inter, Helvetica Neue, Helvetica, Arial, sans-serif';
const INK = '#1f2328';
const QUIET = '#656d76';
const FAINT = '#d8dee4';

/** Of an accumulator with more weights, so many are drawn, evenly taken. */
const MOST_WEIGHTS = 48;

const config = {
  font: FONT,
  view: { stroke: null },
  title: { color: INK, fontSize: 17, fontWeight: 600, subtitleColor: QUIET, subtitleFontSize: 12 },
  axis: {
    labelColor: QUIET,
    titleColor: INK,
    titleFontWeight: 400,
    gridColor: FAINT,
    domainColor: FAINT,
    tickColor: FAINT,
  },
  header: { labelColor: INK, titleColor: INK, labelFontSize: 11 },
  legend: {
    labelColor: INK,
    labelFontSize: 12,
    title: null,
    symbolType: 'stroke',
    symbolOpacity: 1,
    symbolStrokeWidth: 2,
    labelLimit: 240,
  },
};

const frames = {
  field: 'frames',
  type: 'quantitative',
  axis: {
    title: 'frames trained on (millions)',
    grid: false,
    labelExpr: "format(datum.value / 1e6, '~g')",
    tickCount: 4,
  },
};

/** Reward and exact episodes while training, against frames: the mean over an agent's seeds, and the band from the worst to the best. */
export function learningSpec(results: readonly Result[], names: readonly string[]): TopLevelSpec {
  const colours = colourByLabel(names);
  const color = {
    field: 'agent',
    type: 'nominal',
    scale: { domain: names, range: names.map((name) => colours.get(name)) },
  };
  const panel = (field: 'reward' | 'exact', title: string): object => {
    const points = results.flatMap(({ agent, learning }) =>
      learning.flatMap((point) =>
        point[field] === null ? [] : [{ agent, frames: point.frames, value: point[field] }],
      ),
    );
    const y = (aggregate: string) => ({
      field: 'value',
      type: 'quantitative',
      aggregate,
      axis: { title, ...(field === 'exact' ? { format: '%' } : {}) },
    });
    return {
      width: 420,
      height: 200,
      data: { values: points },
      layer: [
        {
          mark: { type: 'area', opacity: 0.14 },
          encoding: { x: frames, y: y('min'), y2: { field: 'value', aggregate: 'max' }, color },
        },
        {
          mark: { type: 'line', strokeWidth: 1.8 },
          encoding: { x: frames, y: y('mean'), color },
        },
      ],
    };
  };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 16,
    title: {
      text: 'Learning curves',
      subtitle:
        'Mean over seeds of the episodes that training plays; the band reaches from the worst seed to the best',
      anchor: 'start',
      offset: 16,
    },
    hconcat: [panel('reward', 'reward per episode'), panel('exact', 'exact episodes')] as never,
    config: config as never,
  };
}

/** Every agent's accumulator weights against frames, a panel for each agent and seed: to see which come to −1, 0 and 1. */
export function weightsSpec(results: readonly Result[], names: readonly string[]): TopLevelSpec {
  const points = results.flatMap(({ agent, seed, learning }) =>
    learning.flatMap(({ frames: at, weights = {} }) =>
      Object.entries(weights).flatMap(([accumulator, all]) => {
        const stride = Math.max(1, Math.floor(all.length / MOST_WEIGHTS));
        return all.flatMap((weight, i) =>
          i % stride === 0
            ? [
                {
                  agent,
                  seed: `seed ${seed}`,
                  frames: at,
                  weight,
                  accumulator,
                  line: `${accumulator} ${i}`,
                },
              ]
            : [],
        );
      }),
    ),
  );
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 16,
    title: {
      text: 'The weights of the neural accumulators while they learn',
      subtitle: `A line for each weight (of at most ${MOST_WEIGHTS} an accumulator)`,
      anchor: 'start',
      offset: 16,
    },
    data: { values: points },
    facet: {
      row: {
        field: 'agent',
        type: 'nominal',
        sort: [...names],
        title: null,
        header: { labelAngle: 0, labelAlign: 'left' },
      },
      column: { field: 'seed', type: 'nominal', title: null },
    } as never,
    spec: {
      width: 130,
      height: 84,
      mark: { type: 'line', strokeWidth: 0.8, opacity: 0.6 },
      encoding: {
        x: frames,
        y: {
          field: 'weight',
          type: 'quantitative',
          scale: { domain: [-1, 1] },
          axis: { title: null, values: [-1, 0, 1] },
        },
        detail: { field: 'line' },
        color: {
          field: 'accumulator',
          type: 'nominal',
          scale: { domain: ['nac', 'clock'], range: ['#0072B2', '#D55E00'] },
        },
      },
    } as never,
    config: config as never,
  };
}

/** Whether any of the runs has an accumulator. */
export const hasWeights = (results: readonly Result[]): boolean =>
  results.some(({ learning }) => learning.some(({ weights }) => weights !== undefined));

/** @returns an SVG document */
export async function drawSpec(spec: TopLevelSpec): Promise<string> {
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
