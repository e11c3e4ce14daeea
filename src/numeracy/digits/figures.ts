import { CELL_COLOURS, FIGURE_COLOURS, SPARE_COLOURS } from '../../render/palette.ts';
import { FIGURE_FRAME, TITLE_PLACE } from '../figure-frame.ts';
import { drawDigits } from './digit-data.ts';
import { imageAt, SIDE } from './images.ts';
import type { Question } from './model.ts';

/** Errors of one cell at each length. */
export interface ErrorLine {
  readonly question: Question;
  readonly label: string;
  readonly points: readonly { readonly length: number; readonly error: number }[];
}

const COLOURS: Readonly<Record<string, string>> = {
  NAC: CELL_COLOURS.last,
  'NAC, rounded': SPARE_COLOURS[2],
  NALU: CELL_COLOURS.before,
  LSTM: SPARE_COLOURS[0],
  GRU: SPARE_COLOURS[1],
  'plain RNN': SPARE_COLOURS[3],
};

const TITLES: Readonly<Record<Question, string>> = {
  count: 'how many of each digit',
  sum: 'what they add up to',
};

/** No error is drawn smaller than this, as a logarithmic axis has no zero. */
const LEAST_ERROR = 1e-3;
/** A larger error leaves the figure. */
const MOST_ERROR = 1e5;

/** Error against the length of the sequence, one line a cell, a panel for each question. */
export function errorsFigure(
  lines: readonly ErrorLine[],
  questions: readonly Question[],
  longest: number,
  kind: string,
): object {
  const labels = Object.keys(COLOURS).filter((name) => lines.some(({ label }) => label === name));
  const rows = lines.flatMap(({ question, label, points }) =>
    points.map(({ length, error }) => ({
      ...{ question, label, length },
      error: Math.max(LEAST_ERROR, error),
    })),
  );
  const lengths = rows.map(({ length }) => length);
  const panel = (question: Question, i: number): object => ({
    width: 270,
    height: 300,
    title: { text: TITLES[question], fontSize: 13, anchor: 'start' },
    layer: [
      {
        data: { values: [{ longest }] },
        mark: { type: 'rule', color: FIGURE_COLOURS.quiet, strokeDash: [3, 3] },
        encoding: { x: { field: 'longest', type: 'quantitative' } },
      },
      {
        data: { values: rows.filter((row) => row.question === question) },
        mark: { type: 'line', point: { size: 42 }, strokeWidth: 2, clip: true },
        encoding: {
          x: {
            field: 'length',
            type: 'quantitative',
            scale: {
              type: 'log',
              domain: [Math.min(...lengths) / 1.3, Math.max(...lengths) * 1.3],
              nice: false,
            },
            axis: { title: 'pictures', grid: false, values: [1, 10, 100, 1000, 10000] },
          },
          y: {
            field: 'error',
            type: 'quantitative',
            scale: { type: 'log', domain: [LEAST_ERROR, MOST_ERROR / 10] },
            axis: {
              ...{ title: i === 0 ? 'mean absolute error' : null, domain: false, ticks: false },
              ...{ values: [0.001, 0.01, 0.1, 1, 10, 100, 1000, 10000], format: ',~r' },
            },
          },
          color: {
            field: 'label',
            type: 'nominal',
            scale: { domain: labels, range: labels.map((label) => COLOURS[label]) },
            legend: { title: null, symbolType: 'stroke', symbolStrokeWidth: 3 },
          },
          strokeDash: {
            condition: { test: "datum.label === 'NAC, rounded'", value: [2, 3] },
            value: [1, 0],
          },
        },
      },
    ],
  });
  return {
    ...FIGURE_FRAME,
    title: {
      text: `Counting and adding up ${kind}`,
      subtitle: `Mean absolute error against the number of pictures; dashed line: trained on up to ${longest}`,
      ...TITLE_PLACE,
    },
    hconcat: questions.map(panel),
  };
}

/** Digits of each kind that are shown, and the greys of their ink. */
const SHOWN = 8;
const GREYS = 4;
const GAP = 2;

/** Some of the digits that are drawn for training: a row for each. */
export function digitsFigure(): object {
  const digits = drawDigits(10 * SHOWN, 'digits/train');
  const runs = Array.from(digits.labels, (digit, i) =>
    runsOf(imageAt(digits, i)).map(({ row, from, to, grey }) => ({
      x: Math.floor(i / 10) * (SIDE + GAP) + from,
      x2: Math.floor(i / 10) * (SIDE + GAP) + to,
      y: digit * (SIDE + GAP) + row,
      y2: digit * (SIDE + GAP) + row + 1,
      grey,
    })),
  ).flat();
  const axis = (field: string, pixels: number): object => ({
    ...{ field, type: 'quantitative', axis: null },
    scale: { domain: [0, pixels], reverse: field === 'y', nice: false },
  });
  const [width, height] = [SHOWN * (SIDE + GAP), 10 * (SIDE + GAP)];
  return {
    ...FIGURE_FRAME,
    width: 2 * width,
    height: 2 * height,
    title: { text: 'Drawn digits', anchor: 'start', offset: 10 },
    data: { values: runs },
    mark: { type: 'rect', color: FIGURE_COLOURS.ink, aria: false },
    encoding: {
      x: axis('x', width),
      x2: { field: 'x2' },
      y: axis('y', height),
      y2: { field: 'y2' },
      opacity: {
        field: 'grey',
        type: 'quantitative',
        scale: { domain: [0, 1], range: [0, 1] },
        legend: null,
      },
    },
  };
}

/** Stretches of about the same ink within the rows of a picture; far fewer than its pixels. */
function runsOf(image: Uint8Array) {
  const greys = Array.from(image, (ink) => Math.round((ink / 255) * GREYS) / GREYS);
  const runs: { row: number; from: number; to: number; grey: number }[] = [];
  for (const [at, grey] of greys.entries()) {
    const [row, column] = [Math.floor(at / SIDE), at % SIDE];
    const last = runs.at(-1);
    if (grey === 0) continue;
    if (last && last.row === row && last.to === column && last.grey === grey) last.to += 1;
    else runs.push({ row, from: column, to: column + 1, grey });
  }
  return runs;
}
