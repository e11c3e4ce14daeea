import { CELL_COLOURS, FIGURE_COLOURS } from '../../render/palette.ts';
import { FIGURE_FRAME, TITLE_PLACE } from '../figure-frame.ts';
import type { CellLine } from './lines.ts';
import { OPERATIONS, operationNames, RANGES, rangeName } from './problems.ts';

const SQUARE = 26;
const GAP = 18;
/** Room that the label of a row needs, along the side of its squares. */
const LABEL = 120;

/** A square for each cell, operation and range, as dark as many seeds find it. */
export function foundFigure(inputs: number, lines: readonly CellLine[]): object {
  const cells = lines.map(({ cell }) => cell);
  const squares = lines.flatMap(({ cell, ranges }) =>
    operationNames.flatMap((name) =>
      RANGES.flatMap((_, range) =>
        (['trained', 'whole'] as const).map((reading) => ({
          cell,
          operation: OPERATIONS[name].sign,
          range: rangeName(range),
          reading: reading === 'trained' ? 'as trained' : 'weights made whole',
          found: ranges[name][range]![reading],
          share: ranges[name][range]![reading] / ranges[name][range]!.models,
        })),
      ),
    ),
  );
  return {
    ...FIGURE_FRAME,
    title: {
      text: 'Which cell finds which operation, from which range of numbers',
      subtitle: `Seeds, out of ${lines[0]!.ranges.add[0]!.models}, that are right beyond their training range; ${inputs} inputs`,
      ...TITLE_PLACE,
    },
    data: { values: squares },
    facet: {
      column: {
        field: 'operation',
        type: 'nominal',
        sort: operationNames.map((name) => OPERATIONS[name].sign),
        header: { title: null, labelFontSize: 18, labelColor: FIGURE_COLOURS.ink },
      },
      row: {
        field: 'reading',
        type: 'nominal',
        header: { title: null, labelFontSize: 12, labelColor: FIGURE_COLOURS.ink },
      },
    },
    spacing: { column: GAP, row: Math.max(GAP, LABEL - cells.length * SQUARE) },
    spec: {
      width: RANGES.length * SQUARE,
      height: cells.length * SQUARE,
      encoding: {
        x: {
          field: 'range',
          type: 'nominal',
          sort: RANGES.map((_, range) => rangeName(range)),
          title: 'trained on',
          axis: { labelAngle: -45, domain: false, ticks: false },
        },
        y: {
          field: 'cell',
          type: 'nominal',
          sort: cells,
          title: null,
          axis: { domain: false, ticks: false, labelColor: FIGURE_COLOURS.ink },
        },
      },
      layer: [
        {
          mark: { type: 'rect', stroke: 'white', strokeWidth: 1 },
          encoding: {
            color: {
              field: 'share',
              type: 'quantitative',
              scale: { domain: [0, 1], range: ['#f3f5f7', CELL_COLOURS.last] },
              legend: null,
            },
          },
        },
        {
          mark: { type: 'text', fontSize: 10 },
          encoding: {
            text: { field: 'found', type: 'quantitative' },
            color: {
              condition: { test: 'datum.share > 0.5', value: 'white' },
              value: FIGURE_COLOURS.ink,
            },
          },
        },
      ],
    },
  };
}
