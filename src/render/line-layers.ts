import { NAME_OFFSET, namesBeside } from './figure-layout.ts';
import { colourByLabel } from './label-colours.ts';
import { FIGURE_COLOURS } from './palette.ts';

/** One point of a line, over the seeds of an agent. */
export interface LinePoint {
  readonly label: string;
  readonly mean: number;
  /** Ends of the interval; null where there are fewer than three seeds. */
  readonly low: number | null;
  readonly high: number | null;
}

interface LineLayersInput<Point extends LinePoint> {
  readonly name: string;
  readonly labels: readonly string[];
  /** Ascending from left to right. */
  readonly points: readonly Point[];
  /** Encoding of the horizontal position, with its field. */
  readonly x: object;
  /** Encoding of the vertical position, without its field. */
  readonly y: object;
  readonly maximum: number;
}

/** Vega-Lite layers of a chart that has a line for each agent, and a rule at the greatest value that can be reached. */
export function lineLayers<Point extends LinePoint>(chart: LineLayersInput<Point>) {
  const { name, labels, points, x, y, maximum } = chart;
  const colours = colourByLabel(labels);
  const color = {
    field: 'label',
    type: 'nominal',
    legend: null,
    scale: { domain: labels, range: labels.map((label) => colours.get(label)) },
  };
  const encoding = { x, y: { field: 'mean', ...y }, color };
  return {
    /** Of what follows the lines. */
    encoding,
    maximum: {
      name: `${name}_maximum`,
      data: { values: [{ maximum }] },
      mark: { type: 'rule', color: FIGURE_COLOURS.quiet, strokeWidth: 1, strokeDash: [3, 3] },
      encoding: { y: { field: 'maximum', ...y } },
    },
    bands: {
      name: `${name}_bands`,
      data: { values: points.filter(({ low }) => low !== null) },
      mark: { type: 'area', opacity: 0.18 },
      encoding: { ...encoding, y: { field: 'low', ...y }, y2: { field: 'high' } },
    },
    lines: {
      name: `${name}_lines`,
      data: { values: points },
      mark: { type: 'line', strokeWidth: 2, strokeJoin: 'round' },
      encoding,
    },
    /** @param edge where the names stand, as fields of the horizontal position */
    names(edge: Partial<Point>, axis: readonly [number, number], height: number): object {
      const ends = labels.flatMap((label) => points.findLast((p) => p.label === label) ?? []);
      return {
        name: `${name}_names`,
        data: { values: namesBeside(ends, axis, height).map((end) => ({ ...end, ...edge })) },
        mark: {
          ...{ type: 'text', align: 'left', baseline: 'middle', dx: NAME_OFFSET },
          ...{ fontSize: 12, fontWeight: 600 },
        },
        encoding: { ...encoding, text: { field: 'name' } },
      };
    },
  };
}
