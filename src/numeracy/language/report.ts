import { formatMeasure, formatWhole } from '../../common/format.ts';
import { known, meanOf } from '../measures.ts';
import { publishedFor } from '../published.ts';
import type { ReportTable, TaskReport } from '../task.ts';
import { answersFigure, errorsFigure, type ReadRun } from './figures.ts';
import { MODELS, READER_NAMES } from './models.ts';
import { formOf, type LanguageResult } from './score.ts';
import type { LanguageSettings } from './settings.ts';
import { spell } from './spelling.ts';
import { RANGES, splitNumbers } from './split.ts';

type Copies = LanguageResult['copies'];
type Measure = Exclude<keyof Copies[number], 'seed' | 'diverged'>;

const finite = (copies: Copies, measure: Measure): number[] =>
  known(copies.map((copy) => copy[measure]));

const meanOver = (copies: Copies, measure: Measure): number | null =>
  meanOf(copies.map((copy) => copy[measure]));

function middle(copies: Copies, measure: Measure): number | null {
  const values = finite(copies, measure).sort((a, b) => a - b);
  return values.length > 0 ? values[Math.floor(values.length / 2)]! : null;
}

const wholly = (copies: Copies, measure: Measure, of: number): string =>
  `${finite(copies, measure).filter((exact) => exact === of).length} of ${copies.length}`;

const byRange = (results: readonly ReadRun[], range: keyof typeof RANGES): ReadRun[] =>
  READER_NAMES.flatMap((name) =>
    results.filter(({ run: { settings } }) => settings.model === name && settings.range === range),
  );

const labelOf = ({ run }: ReadRun): string => MODELS[run.settings.model].label;

export function reportLanguage(
  settings: LanguageSettings,
  results: readonly ReadRun[],
): TaskReport {
  const small = byRange(results, 'to-1000');
  const large = byRange(results, 'to-9999');
  return {
    findings: findingsOf(settings, small, large),
    tables: [
      ...(small.length > 0 ? [errorTable(settings, small)] : []),
      ...(large.length > 0 ? [beyondTable(large)] : []),
      ...(small.length > 0 ? [formsTable(small)] : []),
    ],
    figures:
      small.length > 0
        ? [
            {
              file: 'errors',
              shows: 'Mean absolute test error of each seed and model, on a logarithmic axis',
              spec: errorsFigure(small),
            },
            {
              file: 'answers',
              shows: 'Answers of each model against the test numbers',
              spec: answersFigure(small),
            },
          ]
        : [],
    compared: publishedFor('language').flatMap((published) => {
      const own = small.find(({ run }) => MODELS[run.settings.model].published === published.model);
      return own ? [{ published, here: formatMeasure(meanOver(own.result.copies, 'test')) }] : [];
    }),
  };
}

/**
 * A multiplying word that never ends an expression is not told from the word after it.
 * @returns how many splits have no round hundred, or thousand, in these parts
 */
function lacking(
  round: 100 | 1000,
  seeds: readonly number[],
  range: keyof typeof RANGES,
  parts: readonly ('train' | 'validation')[],
): number {
  return seeds.filter((seed) => {
    const split = splitNumbers(seed, RANGES[range]);
    const numbers = parts.flatMap((part) => split[part]);
    return !numbers.some((number) => formOf(number) === formOf(round));
  }).length;
}

function findingsOf(
  { seeds }: LanguageSettings,
  small: readonly ReadRun[],
  large: readonly ReadRun[],
): string[] {
  const own = small.find(({ run }) => run.settings.model === 'reckoner')?.result;
  const far = large.find(({ run }) => run.settings.model === 'reckoner')?.result;
  const others = small.filter(({ run }) => run.settings.model !== 'reckoner');
  const undecided = lacking(100, seeds, 'to-1000', ['train']);
  const farSeeds = far?.copies.map(({ seed }) => seed) ?? [];
  const undecidable = lacking(1000, farSeeds, 'to-9999', ['train', 'validation']);
  return [
    ...(own
      ? [
          `Our own model, the reckoner, reads all ${own.tested} test expressions exactly in ${wholly(own.copies, 'exact', own.tested)} seeds; its mean absolute error is ${formatMeasure(meanOver(own.copies, 'test'))}.`,
        ]
      : []),
    ...(others.length > 0
      ? [
          `Mean errors of nets with an LSTM: ${others.map((one) => `${formatMeasure(meanOver(one.result.copies, 'test'))} (${labelOf(one)})`).join(', ')}. The scaled targets, divided by 1,000, are a control that the paper lacks.`,
        ]
      : []),
    ...missed(small),
    ...(far
      ? [
          `Trained up to 9,999, the reckoner reads ${formatWhole(far.testedBeyond)} of ${formatWhole(far.testedBeyond)} numbers from 10,000 to 999,999 in ${wholly(far.copies, 'exactBeyond', far.testedBeyond)} seeds.`,
        ]
      : []),
    ...(undecidable > 0
      ? [
          `In ${undecidable} of those ${farSeeds.length} splits neither training nor validation has a round thousand, so nothing separates what “thousand” does from what the word after it does.`,
        ]
      : []),
    ...(own && undecided > 0
      ? [
          `In ${undecided} of ${seeds.length} splits the training set has no round hundred, so it cannot tell whether “hundred” or “and” multiplies by 100. Only the validation set can, and the reckoner uses it to choose among its starts.`,
        ]
      : []),
  ];
}

/** Models of the paper that err more here than there. */
function missed(small: readonly ReadRun[]): string[] {
  return publishedFor('language').flatMap(({ model, value }) => {
    const own = small.find(({ run }) => MODELS[run.settings.model].published === model);
    const error = own ? meanOver(own.result.copies, 'test') : null;
    return error !== null && error > 2 * value
      ? [
          `${model} has an error of ${formatMeasure(error)} here, not the published ${formatMeasure(value)}; \`docs/numeracy/language/tried.md\` says what was tried.`,
        ]
      : [];
  });
}

function errorTable(
  { iterations, hidden, starts }: LanguageSettings,
  small: readonly ReadRun[],
): ReportTable {
  return {
    title: 'Numbers up to 1,000',
    about: `169 numbers are for training (0 to 19, and others so that every word occurs), 200 for validation, 631 for the test; each seed has its own split. Mean absolute error over the seeds; for the test, the median too. The first three models are the paper’s: an embedding, an LSTM with ${hidden} units, and a linear layer, a NAC or a NALU on its last output; ${formatWhole(iterations)} steps of Adam on the mean absolute error. The answers of a NAC cannot exceed the number of its inputs, as the outputs of an LSTM are within ±1. The reckoner has a value and a total, and three weights for each word: \`value ← scale · value + summand\`, then a share \`closing\` of the value moves to the total. It is trained by Levenberg–Marquardt, from at most ${starts} starts. The best of them in training and validation together is kept, with whole weights if they are no worse.`,
    head: ['model', 'whose', 'validation', 'test', 'median', 'exact in test', 'all exact'],
    rows: small.map((one) => {
      const { copies, tested } = one.result;
      return [
        labelOf(one),
        whose(one),
        formatMeasure(meanOver(copies, 'validation')),
        formatMeasure(meanOver(copies, 'test')),
        formatMeasure(middle(copies, 'test')),
        `${formatMeasure(meanOver(copies, 'exact'))} of ${tested}`,
        wholly(copies, 'exact', tested),
      ];
    }),
  };
}

const whose = ({ run: { settings } }: ReadRun): string => {
  if (settings.model === 'reckoner') return 'ours';
  return MODELS[settings.model].isScaled ? 'control' : 'paper';
};

function beyondTable(large: readonly ReadRun[]): ReportTable {
  const { testedBeyond } = large[0]!.result;
  return {
    title: 'Trained up to 9,999, tested up to 999,999',
    about: `1,690 numbers up to 9,999 are for training, 2,000 for validation and 6,310 for the test; ${formatWhole(testedBeyond)} more, from 10,000 to 999,999, are drawn after training. Scaled targets are divided by 9,999.`,
    head: ['model', 'test', 'all exact', 'beyond', 'exact beyond', 'all exact beyond'],
    rows: large.map((one) => {
      const { copies, tested } = one.result;
      return [
        labelOf(one),
        formatMeasure(meanOver(copies, 'test')),
        wholly(copies, 'exact', tested),
        formatMeasure(meanOver(copies, 'beyond')),
        `${formatMeasure(meanOver(copies, 'exactBeyond'))} of ${formatWhole(testedBeyond)}`,
        wholly(copies, 'exactBeyond', testedBeyond),
      ];
    }),
  };
}

/** Forms in the order of how many numbers have them. */
function formsTable(small: readonly ReadRun[]): ReportTable {
  const forms = [...new Set(small.flatMap(({ result }) => result.forms.map(({ form }) => form)))];
  return {
    title: 'Which expressions fail',
    about:
      'How many expressions of each form are answered wrongly, over all seeds. “one”, “twelve” and “twenty” stand for all words of their kind. The last row has the answer furthest from its number.',
    head: ['form', ...small.map(labelOf)],
    rows: [
      ...forms.map((form) => [
        form,
        ...small.map(({ result }) => {
          const found = result.forms.find((one) => one.form === form);
          return found ? `${formatWhole(found.failed)} of ${formatWhole(found.of)}` : '–';
        }),
      ]),
      ['furthest', ...small.map(({ result }) => furthest(result))],
    ],
  };
}

function furthest({ forms }: LanguageResult): string {
  const all = forms.flatMap(({ worst }) => (worst ? [worst] : []));
  const [worst] = all.sort((a, b) => Math.abs(b.answer - b.number) - Math.abs(a.answer - a.number));
  return worst ? `“${spell(worst.number).join(' ')}”: ${formatMeasure(worst.answer)}` : '–';
}
