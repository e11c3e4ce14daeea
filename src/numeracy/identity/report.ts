import { formatMeasure, formatWhole } from '../../common/format.ts';
import { FIGURE_COLOURS } from '../../render/palette.ts';
import { FIGURE_FRAME, TITLE_PLACE } from '../figure-frame.ts';
import { known, meanOf } from '../measures.ts';
import type { TaskReport, TaskRun } from '../task.ts';
import type { IdentityResult } from './score.ts';

const ACCUMULATORS = 'nac';

interface Measured {
  readonly run: TaskRun;
  readonly result: IdentityResult;
}

/** Of one net. */
function lineOf({ run, result: { copies } }: Measured) {
  const far = known(copies.map((copy) => copy.far));
  return {
    net: run.name,
    inside: meanOf(copies.map((copy) => copy.inside)),
    outside: meanOf(copies.map((copy) => copy.outside)),
    far: meanOf(far),
    exact: far.filter((error) => error <= MOST_FAR).length,
    copies: copies.length,
  };
}

/** Relative error at ±10⁶ up to which a net gives back a number. */
const MOST_FAR = 1e-4;

const isActivation = (net: string): boolean => net !== ACCUMULATORS && net !== 'none';
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export function reportIdentity(
  { range, iterations }: { readonly range: number; readonly iterations: number },
  results: readonly Measured[],
): TaskReport {
  const lines = results
    .map(lineOf)
    .sort((a, b) => (a.outside ?? Infinity) - (b.outside ?? Infinity));
  const trained = `−${range} to ${range}`;
  const kept = (some: (net: string) => boolean, who: string): string[] => {
    const chosen = lines.filter(({ net }) => some(net));
    const [exact, copies] = [sum(chosen.map((l) => l.exact)), sum(chosen.map((l) => l.copies))];
    return chosen.length > 0 ? [`${formatWhole(exact)} of ${formatWhole(copies)} ${who}`] : [];
  };
  const activations = lines.filter(({ net }) => isActivation(net)).length;
  const groups = [
    ...kept((net) => net === ACCUMULATORS, 'nets of accumulators'),
    ...kept((net) => net === 'none', 'nets without an activation'),
    ...kept(
      isActivation,
      `nets with ${activations === 1 ? 'an activation' : `one of ${activations} activations`}`,
    ),
  ];
  return {
    findings: [
      `Trained only on ${trained}, these reproduce ±1,000,000 with a relative error of at most ${MOST_FAR}: ${new Intl.ListFormat('en-GB').format(groups)}.`,
    ],
    tables: [
      {
        title: 'Error inside and outside the training range',
        about: `Nets of 1-8-8-8-1 units, trained for ${formatWhole(iterations)} steps to reproduce numbers from ${trained}. Mean absolute error over the seeds, inside the range and beyond it, out to ±${4 * range}; relative error at ±1,000,000, and the number of seeds for which it is at most ${MOST_FAR}.`,
        head: [
          'activation',
          'inside',
          'outside',
          'relative, ±1,000,000',
          `seeds within ${MOST_FAR}`,
        ],
        rows: lines.map(({ net, inside, outside, far, exact, copies }) => [
          net === ACCUMULATORS ? 'nac (accumulators)' : net,
          formatMeasure(inside),
          formatMeasure(outside),
          formatMeasure(far),
          `${exact} of ${copies}`,
        ]),
      },
    ],
    figures: [
      {
        file: 'identity',
        shows: 'Mean absolute error of each net against the number it should reproduce',
        spec: figureOf(results, range),
      },
    ],
    compared: [],
  };
}

function figureOf(results: readonly Measured[], range: number): object {
  const points = results.flatMap(({ run, result }) =>
    result.curve.map(({ x, error }) => ({ net: run.name, x, error })),
  );
  const worst = results
    .map(({ run, result }) => ({ net: run.name, error: result.curve.at(-1)?.error ?? Infinity }))
    .sort((a, b) => b.error - a.error)
    .map(({ net }) => net);
  const others = worst.filter((net) => net !== ACCUMULATORS);
  const domain = [...others, ...(worst.includes(ACCUMULATORS) ? [ACCUMULATORS] : [])];
  return {
    ...FIGURE_FRAME,
    width: 520,
    height: 360,
    title: {
      text: 'Most nets fail beyond the numbers they were trained on',
      subtitle: `Mean absolute error at each number; shaded: trained on −${range} to ${range}`,
      ...TITLE_PLACE,
    },
    layer: [
      {
        data: { values: [{ from: -range, to: range }] },
        mark: { type: 'rect', color: FIGURE_COLOURS.shade, opacity: 0.13 },
        encoding: { x: { field: 'from', type: 'quantitative' }, x2: { field: 'to' } },
      },
      {
        data: { values: points },
        mark: { type: 'line', clip: true },
        encoding: {
          x: {
            field: 'x',
            type: 'quantitative',
            title: 'number',
            axis: { grid: false, tickCount: 9 },
          },
          y: {
            field: 'error',
            type: 'quantitative',
            title: 'mean absolute error',
            scale: { domain: [0, 3 * range] },
            axis: { domain: false, ticks: false, tickCount: 5 },
          },
          color: {
            field: 'net',
            type: 'nominal',
            scale: {
              domain,
              range: domain.map((net, i) =>
                net === ACCUMULATORS ? '#000000' : hue(i, others.length),
              ),
            },
            legend: { title: 'worst first', symbolType: 'stroke', symbolStrokeWidth: 3 },
          },
          strokeWidth: {
            condition: { test: `datum.net === '${ACCUMULATORS}'`, value: 3.5 },
            value: 1.6,
          },
        },
      },
    ],
  };
}

/** Colours from red through yellow and green to violet. */
const hue = (i: number, count: number): string =>
  `hsl(${Math.round((300 * i) / Math.max(1, count - 1))}, 62%, ${i % 2 ? 42 : 56}%)`;
