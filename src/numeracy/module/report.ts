import { formatMeasure, formatPercent, formatWhole } from '../../common/format.ts';
import { wilson } from '../../evaluate/statistics.ts';
import { medianOf } from '../measures.ts';
import { ownCellNotes } from '../own-cells.ts';
import { publishedFor } from '../published.ts';
import { EPSILON } from '../success.ts';
import type { ReportTable, TaskReport } from '../task.ts';
import { foundFigure } from './found-figure.ts';
import { type CellLine, lineOf, type MeasuredCell, total } from './lines.ts';
import { OPERATIONS, type OperationName, operationNames, RANGES, rangeName } from './problems.ts';

/** How a model is read: as its training left it, or with every weight made whole. */
const READINGS = { trained: 'as trained', whole: 'weights made whole' } as const;
type Reading = keyof typeof READINGS;
const readings = Object.keys(READINGS) as Reading[];

export function reportModule(
  settings: { readonly iterations: number; readonly batch: number },
  results: readonly MeasuredCell[],
): TaskReport {
  const lines = results.map(lineOf);
  const sizes = [...new Set(lines.map(({ inputs }) => inputs))];
  const ofSize = (inputs: number) => lines.filter((line) => line.inputs === inputs);
  return {
    findings: [
      ...sizes.flatMap((inputs) => findings(inputs, ofSize(inputs))),
      ...ownCellNotes(results.map(({ run }) => run)),
      ...cuts(settings, lines),
    ],
    tables: [
      ...sizes.flatMap((inputs) =>
        readings.map((reading) => operationTable(inputs, ofSize(inputs), reading)),
      ),
      ...sizes.flatMap((inputs) => [
        detailTable(inputs, ofSize(inputs)),
        ...readings.map((reading) => rangeTable(inputs, ofSize(inputs), reading)),
      ]),
    ],
    figures: sizes.map((inputs) => ({
      file: `found-${inputs}-inputs`,
      shows: `How many seeds of each cell find each operation on each range, with ${inputs} inputs`,
      spec: foundFigure(inputs, ofSize(inputs)),
    })),
    compared: compared(ofSize(10)),
  };
}

function findings(inputs: number, lines: readonly CellLine[]): string[] {
  const own = lines.find(({ isSecondOrder }) => isSecondOrder);
  const others = lines.filter(({ isSecondOrder }) => !isSecondOrder);
  return [
    ...(own ? [ownFinding(inputs, own, others)] : []),
    ...(others.length > 0 ? [adamFinding(inputs, others), ableFinding(inputs, others)] : []),
  ];
}

const countOf = (line: CellLine, reading: Reading): string => {
  const tally = total(line);
  return `${formatWhole(tally[reading])} of ${formatWhole(tally.models)}`;
};

function ownFinding(inputs: number, own: CellLine, others: readonly CellLine[]): string {
  const same = others.find(({ cell }) => `${cell}-second-order` === own.cell);
  const byAdam = same
    ? ` The same cell trained by Adam: ${countOf(same, 'trained')} as trained, ${countOf(same, 'whole')} with its weights made whole.`
    : '';
  return `${inputs} inputs, one cell trained by second-order steps (${own.cell}): **${countOf(own, 'trained')}** models found their operation. It starts from the same parameters for every operation; only the numbers tell it which one to find.${byAdam}`;
}

function adamFinding(inputs: number, others: readonly CellLine[]): string {
  const [trained, whole] = readings.map((reading) => {
    const best = others.toSorted((a, b) => total(b)[reading] - total(a)[reading])[0]!;
    return `${best.cell} with ${countOf(best, reading)}`;
  });
  return `${inputs} inputs, Adam: the cell that found the operation most often is, as trained, ${trained}; with its weights made whole, ${whole}.`;
}

/** Which cells find an operation on all nine ranges with every seed. */
function ableFinding(inputs: number, others: readonly CellLine[]): string {
  const isAble = (line: CellLine, name: OperationName): boolean => {
    const { whole, models } = total(line, name);
    return whole === models;
  };
  const each = operationNames.map((name) => {
    const able = others.filter((line) => isAble(line, name)).map(({ cell }) => cell);
    return `${OPERATIONS[name].sign} ${able.join(', ') || 'none'}`;
  });
  return `${inputs} inputs, Adam, found on all nine ranges in every seed once weights are whole: ${each.join('; ')}.`;
}

/** What papers do to a cell in training and this task does not. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  inalu: 'restarting a stuck iNALU',
  npu: "the NPU's penalty on large weights",
};

/** What a reader must know of how these cells were trained and judged. */
function cuts(
  { iterations, batch }: { readonly iterations: number; readonly batch: number },
  lines: readonly CellLine[],
): string[] {
  const cells = new Set(lines.map(({ cell }) => cell));
  const leftOut = Object.keys(LEFT_OUT).flatMap((cell) => (cells.has(cell) ? LEFT_OUT[cell]! : []));
  const rate = cells.has('npu') ? ' (for the NPU, the same)' : '';
  const byAdam = lines.some(({ isSecondOrder }) => !isSecondOrder);
  const bySecondOrder = lines.some(({ isSecondOrder }) => isSecondOrder);
  const adam = `Training differs from the authors': ${formatWhole(iterations)} steps of ${batch} samples instead of 50,000 of 128; as loss, the logarithm of the relative squared error instead of the squared error with clipped gradients; a learning rate ten times as large${rate} that falls to a ten-thousandth in the second half.${leftOut.length > 0 ? ` Left out: ${leftOut.join(', and ')}.` : ''}`;
  return [
    `A cell has found its operation if its error beyond the training range is below that of weights off by ${formatMeasure(EPSILON)}.`,
    ...(byAdam ? [adam] : []),
    ...(bySecondOrder ? [SECOND_ORDER_STEPS] : []),
  ];
}

const SECOND_ORDER_STEPS =
  'Second-order steps solve for the weights of the sum in x and y, and for those of the product in log|x| and log|y|, by least squares. Both are rounded, and the gate takes the one with the smaller error on other numbers from the training range. Each is linear in its weights and the numbers have no noise, so one step is enough: the operations are easy to find if the branches are trained apart and the gate chooses last.';

const share = (hits: number, count: number): string => {
  const [low, high] = wilson(hits, count);
  return `${hits} (${formatPercent(low).replace(' %', '')}–${formatPercent(high)})`;
};

function operationTable(inputs: number, lines: readonly CellLine[], reading: Reading): ReportTable {
  return {
    title: `${inputs} inputs, ${READINGS[reading]}`,
    about: `Models that found their operation, out of ${total(lines[0]!, 'add').models} each (nine ranges, all seeds), with the 95 % Wilson interval of the share.`,
    head: ['cell', ...operationNames.map((name) => OPERATIONS[name].sign), 'all'],
    rows: lines.map((line) => [
      line.cell,
      ...[...operationNames, undefined].map((name) => {
        const tally = total(line, name);
        return share(tally[reading], tally.models);
      }),
    ]),
  };
}

function detailTable(inputs: number, lines: readonly CellLine[]): ReportTable {
  const median = (values: readonly number[]): string => {
    const steps = medianOf(values);
    return steps === null ? '–' : formatWhole(steps);
  };
  const greatest = (values: readonly number[]): string =>
    formatMeasure(values.length > 0 ? Math.max(...values) : null);
  return {
    title: `${inputs} inputs: steps and weights`,
    about:
      'Steps: how many it took until the error on the training range stayed below the limit, median over the models that found their operation as trained. Sparsity: the greatest distance of a weight from −1, 0 or 1 before rounding, over all models that found it once their weights were whole.',
    head: [
      'cell',
      ...operationNames.map((name) => `steps, ${OPERATIONS[name].sign}`),
      ...operationNames.map((name) => `sparsity, ${OPERATIONS[name].sign}`),
    ],
    rows: lines.map((line) => [
      line.cell,
      ...operationNames.map((name) => median(total(line, name).steps)),
      ...operationNames.map((name) => greatest(total(line, name).sparsity)),
    ]),
  };
}

function rangeTable(inputs: number, lines: readonly CellLine[], reading: Reading): ReportTable {
  return {
    title: `${inputs} inputs, by range, ${READINGS[reading]}`,
    about: `Seeds, out of ${lines[0]!.ranges.add[0]!.models}, that found the operation from numbers in this range, with the 95 % Wilson interval of the share.`,
    head: ['operation', 'trained on', ...lines.map(({ cell }) => cell)],
    rows: operationNames.flatMap((name) =>
      RANGES.map((_, range) => [
        OPERATIONS[name].sign,
        rangeName(range),
        ...lines.map(({ ranges }) => {
          const tally = ranges[name][range]!;
          return share(tally[reading], tally.models);
        }),
      ]),
    ),
  };
}

/** Division with ten inputs, of which the authors of the NMRU publish the mean over the nine ranges. */
function compared(lines: readonly CellLine[]): TaskReport['compared'] {
  return publishedFor('module').flatMap((published) => {
    const line = lines.find(({ cell }) => PAPER_NAMES[cell] === published.model);
    if (!line) return [];
    const { trained, whole, models } = total(line, 'divide');
    const percent = (hits: number) => ((100 * hits) / models).toFixed(1);
    return [{ published, here: `${percent(trained)} as trained, ${percent(whole)} whole` }];
  });
}

/** What papers call the cells that can divide. */
const PAPER_NAMES: Readonly<Record<string, string>> = { nmru: 'NMRU', npu: 'Real NPU' };
