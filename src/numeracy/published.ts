/** A number that somebody published, for comparison. */
export interface PublishedFigure {
  /** The id of the task. */
  readonly task: string;
  readonly what: string;
  readonly model: string;
  readonly value: number;
  /** Such as `%` or `mean absolute error`. */
  readonly unit: string;
  /** Paper and table. */
  readonly source: string;
  /** Whether the number was read in the source itself; otherwise it is from memory. */
  readonly verified: boolean;
}

/** Figures of one model at several lengths of sequences of digits. */
const digits = (
  question: 'count' | 'sum',
  model: string,
  values: readonly number[],
): PublishedFigure[] =>
  values.map((value, i) => ({
    task: 'digits',
    what: `${question} of ${10 ** (i + 1)} digits`,
    model,
    value,
    unit: 'mean absolute error',
    source: 'Trask et al. 2018, table 2',
    verified: false,
  }));

const DIVISION =
  'Mistry, Farrahi and Hare 2022 (Learning division with neural arithmetic logic modules), abstract';

/** Figures of division on nine ranges with 25 seeds, as the task `module` has it with 10 inputs. */
const divided = (model: string, value: number, source = DIVISION): PublishedFigure => ({
  ...{ task: 'module', what: '÷ with 10 inputs', model, value, source },
  ...{ unit: '% of models', verified: true },
});

/** Test error of the numbers up to 1,000. The page of the paper was not at hand, only its sizes of the split. */
const language = (model: string, value: number): PublishedFigure => ({
  ...{ task: 'language', what: 'numbers in words, test', model, value },
  ...{ unit: 'mean absolute error', source: 'Trask et al. 2018, table 3', verified: false },
});

/** Every published number that a report compares with. */
export const published: readonly PublishedFigure[] = [
  ...successOfMadsen('a + b', { NAC: 100, NAU: 100, NALU: 14, 'best of 11 models': 100 }),
  ...successOfMadsen('a − b', { NAC: 100, NAU: 100, NALU: 14, 'best of 11 models': 100 }),
  ...successOfMadsen('a × b', { 'NAU, NMU': 98, NALU: 0, 'best of 11 models': 100 }),
  ...successOfMadsen('a ÷ b', { NALU: 0, 'best of 11 models': 0 }),
  ...successOfMadsen('a²', { 'NAU, NMU': 100, NALU: 0, 'best of 11 models': 100 }),
  ...successOfMadsen('√a', { NALU: 2, 'best of 11 models': 7 }),
  divided('NMRU', 91.6),
  divided('Real NPU', 70.2, `${DIVISION}: 15.1 below their own version's 85.3`),
  language('LSTM', 29.4),
  language('LSTM + NAC', 114),
  language('LSTM + NALU', 0.41),
  ...digits('count', 'NAC', [0.12, 0.76, 3.3]),
  ...digits('count', 'LSTM', [0.79, 18, 199]),
  ...digits('sum', 'NAC', [1.4, 7.9, 57]),
];

export const publishedFor = (task: string): readonly PublishedFigure[] =>
  published.filter((figure) => figure.task === task);

/** What reports say of {@link sourceOf}. */
export const VERIFIED =
  'A published number is *verified* if it was read in its source; otherwise it is from memory.';

/** Paper and table, and whether the number was read there. */
export const sourceOf = ({ source, verified }: PublishedFigure): string =>
  `${source} (${verified ? 'verified' : 'from memory'})`;

/** Success of 100 seeds after five million steps of Adam, read in the authors' own repository (paper/results). */
function successOfMadsen(
  operation: string,
  rates: Readonly<Record<string, number>>,
): PublishedFigure[] {
  const source = 'Madsen and Johansen 2020, table of all models, 100 seeds, 5 million steps';
  return Object.entries(rates).map(([model, value]) => ({
    ...{ task: 'arithmetic', what: `success, ${operation}`, model, value, unit: '%', source },
    verified: true,
  }));
}
