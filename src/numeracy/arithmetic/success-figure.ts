import { wilson } from '../../evaluate/statistics.ts';
import { CELL_COLOURS, FIGURE_COLOURS } from '../../render/palette.ts';
import { FIGURE_FRAME, TITLE_PLACE } from '../figure-frame.ts';
import type { Line } from './lines.ts';
import { labelOf, modelsOf, SELECTOR } from './networks.ts';
import { OPERATIONS, SYMBOLS } from './problem.ts';

/** How often each model finds each operation: a panel for each operation, a line for each model. */
export function successFigure(lines: readonly Line[]): object {
  const points = lines.map(({ operation, model, solved, copies }) => {
    const [low, high] = wilson(solved, copies.length);
    return {
      operation: SYMBOLS[operation],
      model: labelOf(model),
      share: solved / copies.length,
      low,
      high,
      own: model === SELECTOR,
    };
  });
  const used = modelsOf(lines);
  const seeds = lines[0]?.copies.length ?? 0;
  const y = {
    field: 'model',
    type: 'nominal',
    sort: used.map((model) => labelOf(model)),
    title: null,
    axis: { grid: true, domain: false, ticks: false, labelLimit: 400 },
  };
  const color = {
    condition: { test: 'datum.own', value: CELL_COLOURS.last },
    value: CELL_COLOURS.before,
  };
  const x = {
    type: 'quantitative',
    scale: { domain: [0, 1] },
    title: null,
    axis: { format: '.0%', grid: false, values: [0, 0.5, 1] },
  };
  return {
    ...FIGURE_FRAME,
    title: {
      text: 'Which operations are found among 100 inputs (static form)',
      subtitle: `Share of ${seeds} seeds that are exact beyond training, with 95 % Wilson intervals; no dot: cannot express it`,
      ...TITLE_PLACE,
    },
    data: { values: points },
    facet: {
      field: 'operation',
      type: 'nominal',
      sort: OPERATIONS.map((operation) => SYMBOLS[operation]),
      title: null,
      header: { labelFontSize: 14, labelColor: FIGURE_COLOURS.ink },
    },
    columns: 3,
    spec: {
      width: 190,
      height: { step: 21 },
      layer: [
        {
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: { y, color, x: { ...x, field: 'low' }, x2: { field: 'high' } },
        },
        {
          mark: { type: 'point', filled: true, size: 70, opacity: 1 },
          encoding: { y, color, x: { ...x, field: 'share' } },
        },
      ],
    },
  };
}
