import { FIGURE_COLOURS } from '../../render/palette.ts';
import { FIGURE_FRAME, TITLE_PLACE } from '../figure-frame.ts';
import type { TaskRun } from '../task.ts';
import { MODELS, READER_NAMES } from './models.ts';
import type { LanguageResult } from './score.ts';
import type { LanguageRun } from './settings.ts';

export interface ReadRun {
  readonly run: TaskRun<LanguageRun>;
  readonly result: LanguageResult;
}

/** Where a model without any error stands on a logarithmic axis. */
const NO_ERROR = 1e-3;

const labels = READER_NAMES.map((name) => MODELS[name].label);
const color = {
  field: 'model',
  type: 'nominal',
  scale: { domain: labels, range: READER_NAMES.map((name) => MODELS[name].colour) },
  legend: null,
};

/** Test error of each seed. */
export function errorsFigure(results: readonly ReadRun[]): object {
  const points = results.flatMap(({ run: { settings }, result }) =>
    result.copies.flatMap(({ test }) =>
      test === null
        ? []
        : [{ model: MODELS[settings.model].label, error: Math.max(test, NO_ERROR) }],
    ),
  );
  return {
    ...FIGURE_FRAME,
    width: 480,
    height: { step: 44 },
    title: {
      text: 'Error on expressions never seen in training',
      subtitle: `Mean absolute error of each seed, numbers up to 1,000; drawn at ${NO_ERROR}: no error`,
      ...TITLE_PLACE,
    },
    data: { values: points },
    mark: { type: 'tick', thickness: 2, size: 28, opacity: 0.7 },
    encoding: {
      y: { field: 'model', type: 'nominal', sort: labels, title: null, axis: { labelLimit: 300 } },
      x: {
        field: 'error',
        type: 'quantitative',
        scale: { type: 'log', domain: [NO_ERROR, 1000] },
        title: 'mean absolute test error',
        axis: { grid: true, values: [0.001, 0.01, 0.1, 1, 10, 100, 1000], format: '~g' },
      },
      color,
    },
  };
}

/** Answers against numbers, of the seed with the median error of each model. */
export function answersFigure(results: readonly ReadRun[]): object {
  const points = results.flatMap(({ run: { settings }, result }) =>
    result.shown.map(([number, answer]) => ({
      ...{ model: MODELS[settings.model].label, number },
      answer: Math.max(-100, Math.min(1200, answer)),
    })),
  );
  const axis = { grid: false, values: [0, 500, 1000] };
  return {
    ...FIGURE_FRAME,
    title: {
      text: 'Answers against the numbers read',
      subtitle:
        'Test numbers, seed with the median error; answers beyond −100 and 1,200 at the edge',
      ...TITLE_PLACE,
    },
    data: { values: points },
    facet: {
      field: 'model',
      type: 'nominal',
      sort: labels,
      title: null,
      header: { labelFontSize: 13, labelColor: FIGURE_COLOURS.ink },
    },
    columns: 3,
    spacing: 24,
    spec: {
      width: 190,
      height: 190,
      layer: [
        {
          data: { values: [{ from: 0, to: 1000 }] },
          mark: { type: 'rule', color: FIGURE_COLOURS.faint, strokeWidth: 1.5 },
          encoding: {
            x: { field: 'from', type: 'quantitative' },
            x2: { field: 'to' },
            y: { field: 'from', type: 'quantitative' },
            y2: { field: 'to' },
          },
        },
        {
          mark: { type: 'point', filled: true, size: 14, opacity: 0.7 },
          encoding: {
            x: { field: 'number', type: 'quantitative', title: 'number', axis },
            y: {
              field: 'answer',
              type: 'quantitative',
              title: 'answer',
              axis,
              scale: { domain: [-100, 1200] },
            },
            color,
          },
        },
      ],
    },
  };
}
