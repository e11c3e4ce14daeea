import { formatMeasure, formatWhole } from '../../common/format.ts';
import { meanOf, medianOf } from '../measures.ts';
import { ownCellNotes } from '../own-cells.ts';
import type { ReportTable, TaskReport } from '../task.ts';
import {
  comparedWithPublished,
  isAll,
  type Line,
  lineOf,
  type Measured,
  shareText,
} from './lines.ts';
import { labelOf, modelsOf, SELECTOR } from './networks.ts';
import { FORM_NAMES, type FormName, OPERATIONS, SYMBOLS } from './problem.ts';
import { successFigure } from './success-figure.ts';

export function reportArithmetic(
  settings: {
    readonly seeds: readonly number[];
    readonly iterations: number;
    readonly sumIterations: number;
    readonly recurrentIterations: number;
    readonly samples: number;
  },
  results: readonly Measured[],
): TaskReport {
  const lines = results.map(lineOf);
  const forms = FORM_NAMES.filter((form) => lines.some((line) => line.form === form));
  const ofForm = (form: FormName) => lines.filter((line) => line.form === form);
  return {
    findings: [
      ...forms.flatMap((form) => findings(form, ofForm(form))),
      ...ownCellNotes(results.map(({ run }) => run)),
    ],
    tables: [
      ...forms.map((form) => successTable(form, ofForm(form), settings)),
      ...forms.flatMap((form) => errorTables(form, ofForm(form))),
      ...forms.map((form) => detailTable(form, ofForm(form))),
      ...formulaTable(lines.filter(({ model }) => model === SELECTOR)),
    ],
    figures: forms.includes('static')
      ? [
          {
            file: 'success',
            shows:
              'Share of seeds in which each model finds each operation, in the static form, with Wilson intervals',
            spec: successFigure(ofForm('static')),
          },
        ]
      : [],
    compared: comparedWithPublished(ofForm('static')),
  };
}

function findings(form: FormName, lines: readonly Line[]): string[] {
  const own = lines.filter(({ model }) => model === SELECTOR);
  const others = lines.filter(({ model }) => model !== SELECTOR);
  const where = form === 'static' ? 'Static' : 'Recurrent';
  const rates = own
    .map(({ operation, solved, copies }) => `${SYMBOLS[operation]} ${solved} of ${copies.length}`)
    .join(', ');
  const reached = own.every(isAll)
    ? `finds ${own.map(({ operation }) => SYMBOLS[operation]).join(', ')}, each in ${own[0]?.copies.length} of ${own[0]?.copies.length} seeds`
    : `finds the operations in this many seeds: ${rates}`;
  const full = others.filter(isAll);
  const allOf = (line: Line) => `${labelOf(line.model)} ${SYMBOLS[line.operation]}`;
  return [
    ...(own.length > 0
      ? [
          `${where}: one cell with one initialisation, never told the operation and trained by second-order steps, ${reached}.`,
        ]
      : []),
    ...(others.length > 0
      ? [
          full.length > 0
            ? `${where}: trained by Adam, these are found in every seed: ${full.map(allOf).join('; ')}.`
            : `${where}: trained by Adam, no model finds any operation in every seed.`,
        ]
      : []),
  ];
}

/** One row for each model, one column for each operation; a dash where it was not trained. */
function byOperation(
  lines: readonly Line[],
  cellOf: (line: Line) => string,
): Pick<ReportTable, 'head' | 'rows'> {
  const operations = OPERATIONS.filter((operation) =>
    lines.some((line) => line.operation === operation),
  );
  const models = modelsOf(lines);
  return {
    head: ['model', ...operations.map((operation) => SYMBOLS[operation])],
    rows: models.map((model) => [
      labelOf(model),
      ...operations.map((operation) => {
        const line = lines.find((one) => one.model === model && one.operation === operation);
        return line ? cellOf(line) : '–';
      }),
    ]),
  };
}

function successTable(
  form: FormName,
  lines: readonly Line[],
  {
    iterations,
    sumIterations,
    recurrentIterations,
    samples,
  }: Parameters<typeof reportArithmetic>[0],
): ReportTable {
  const setting =
    form === 'static'
      ? '100 inputs from 1 to 2; a and b are sums of 25 of them each, 12 of these shared; tested on inputs from 2 to 6'
      : '10 inputs from 1 to 2 at each of ten steps; a and b are sums of 2 of them each over all steps, 1 of these shared; tested over 1,000 steps';
  const adam =
    form === 'static'
      ? `${formatWhole(iterations)} steps of Adam (NAC and NAU ${formatWhole(sumIterations)})`
      : `${formatWhole(recurrentIterations)} steps of Adam`;
  return {
    title: `Success, ${form}`,
    about: `${setting}. Number of seeds whose error beyond training is below that of the right model with weights off by 10⁻⁵ (Madsen and Johansen 2020), with the 95 % Wilson interval of the share. “Sum or product” is fitted to ${formatWhole(samples)} samples by second-order steps, and ${formatWhole(samples >> 1)} more from the same range set its gate; the other models take ${adam}. Madsen and Johansen give each model five million steps; operations that need more steps than here are not found here. A dash: the cell cannot express the operation and was not trained.`,
    ...byOperation(lines, shareText),
  };
}

const averaged = (values: readonly (number | null)[]): string => formatMeasure(meanOf(values));

const errorTables = (form: FormName, lines: readonly Line[]): ReportTable[] =>
  (['inside', 'outside'] as const).map((where) => ({
    title: `${where === 'inside' ? 'Interpolation' : 'Extrapolation'} error, ${form}`,
    about: `Mean absolute error, scaled as in table 1 of Trask et al. 2018: 0 is exact, 100 is the same model untrained. Mean over the seeds, on ${where === 'inside' ? 'new numbers like those in training' : 'numbers beyond training'}.`,
    ...byOperation(lines, ({ copies }) => averaged(copies.map((copy) => copy[where]))),
  }));

const detailTable = (form: FormName, lines: readonly Line[]): ReportTable => ({
  title: `Details, ${form}`,
  about:
    'Solved once rounded: with every weight made whole after training. Error: root mean square beyond training, in units of the error of weights off by 10⁻⁵, median over the seeds; below 1 is success. Steps: how many it took until the training error stayed below the limit, median over solved seeds. Sparsity error: greatest distance of a weight from −1, 0 or 1, mean over solved seeds. For “sum or product”, it is the distance of a weight before rounding from the whole number it is read as, since training stops as soon as rounding is right.',
  head: ['operation', 'model', 'solved', 'solved once rounded', 'error', 'steps', 'sparsity error'],
  rows: lines.map((line) => {
    const { copies, model, operation } = line;
    const solved = copies.filter((copy) => copy.solved);
    const whole = copies.filter((copy) => copy.solvedWhole).length;
    const steps = medianOf(solved.map(({ solvedAt }) => solvedAt));
    return [
      SYMBOLS[operation],
      labelOf(model),
      shareText(line),
      model === 'lstm' ? '–' : `${whole} of ${copies.length}`,
      formatMeasure(medianOf(copies.map(({ ratio }) => ratio))),
      steps === null ? '–' : formatWhole(Math.round(steps)),
      averaged(solved.map(({ sparsity }) => sparsity)),
    ];
  }),
});

/** How the second-order cell differs from one that Adam trains, for those who compare them. */
const HOW_IT_LEARNS =
  'The weights of “sum or product” from the first seed, read as a formula; inputs count from 0. It is a gated cell, y = g Σ w x + (1 − g) Π (Σ w x)ᵖ, but it is not trained like the others. Its sum and its product are fitted separately by Levenberg–Marquardt in float64, on the same samples; the product starts once from the exponents 1, 1 and once from 1, −1. After each step, each is read as a formula: weights as whole numbers, exponents as halves. The gate has no gradient. It chooses the formula with the smallest error on samples held back, and training ends once that error is zero to float64 precision. The test uses this formula.';

/** What the first seed's cell computes, for each operation. */
function formulaTable(lines: readonly Line[]): ReportTable[] {
  if (lines.length === 0) return [];
  return [
    {
      title: 'What it computes',
      about: HOW_IT_LEARNS,
      head: ['form', 'operation', 'y ='],
      rows: lines.map(({ form, operation, copies }) => [
        form,
        SYMBOLS[operation],
        `\`${copies[0]?.formula ?? '–'}\``,
      ]),
    },
  ];
}
