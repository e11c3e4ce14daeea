import { formatMeasure, formatNumber, formatPercent, formatWhole } from '../../common/format.ts';
import { meanOf } from '../measures.ts';
import { type PublishedFigure, publishedFor, sourceOf, VERIFIED } from '../published.ts';
import type { ReportTable, TaskReport } from '../task.ts';
import { digitsFigure, type ErrorLine, errorsFigure } from './figures.ts';
import type { Question } from './model.ts';
import { recurrentCell } from './recurrent-cells.ts';
import type { DigitsResult, LengthScore } from './score.ts';
import type { DigitsRun, DigitsSettings } from './settings.ts';

interface Measured {
  readonly run: { readonly settings: DigitsRun };
  readonly result: DigitsResult;
}

const share = (value: number | null): string => (value === null ? '—' : formatPercent(value));

/** Means over the copies of one run. */
class Summary {
  readonly cell: string;
  readonly question: Question;
  readonly read: number | null;
  readonly validation: number | null;
  readonly #copies: DigitsResult['copies'];

  constructor({ run, result }: Measured) {
    this.cell = run.settings.cell;
    this.question = run.settings.question;
    this.#copies = result.copies;
    this.read = meanOf(result.copies.map((copy) => copy.read));
    this.validation = meanOf(result.copies.map((copy) => copy.validation));
  }

  get label(): string {
    return recurrentCell(this.cell).label;
  }

  at(length: number, key: Exclude<keyof LengthScore, 'length'>): number | null {
    return meanOf(
      this.#copies.flatMap(({ tests }) =>
        tests.filter((test) => test.length === length).map((test) => test[key]),
      ),
    );
  }

  get isRounded(): boolean {
    return this.#copies.some(({ tests }) => tests.some((test) => test.roundedError !== null));
  }
}

/** Among good readers, it is the tenths that tell who is better. */
const readRight = ({ read }: Summary): string =>
  read === null ? '—' : `${formatNumber(100 * read, 1)} %`;

const ASKED: Readonly<Record<Question, string>> = { count: 'Counting', sum: 'Adding up' };

export function reportDigits(
  { lengths, shortest, longest, seeds, iterations }: DigitsSettings,
  results: readonly Measured[],
): TaskReport {
  const { kind } = results[0]!.run.settings.data;
  const { test } = results[0]!.result.pictures;
  const summaries = results.map((measured) => new Summary(measured));
  const asked = (['count', 'sum'] as const).filter((question) =>
    summaries.some((summary) => summary.question === question),
  );
  const far = Math.max(...lengths);
  const tables = asked.map((question): ReportTable => {
    const own = summaries.filter((summary) => summary.question === question);
    return {
      title: `${ASKED[question]} ${kind}`,
      about: `Mean absolute error ${question === 'count' ? 'of each of the ten counts' : 'of the sum'} after so many pictures, drawn from ${formatWhole(test)} that no model was trained on; mean over ${seeds.length === 1 ? 'one seed' : `${seeds.length} seeds`}; trained on sequences of ${shortest} to ${longest} for ${formatWhole(iterations)} steps, supervised only by the final ${question}. *Rounded*: an accumulator's reading of each picture is rounded to whole numbers before it is added, so only misread digits cause errors. *Perfect*: a counter without error that takes each picture for the same digit as the cell does.`,
      head: [
        'cell',
        'read right',
        ...lengths.map((length) => `error at ${formatWhole(length)}`),
        `all right at ${formatWhole(far)}`,
      ],
      rows: own.flatMap((summary) => rowsOf(summary, lengths, far)),
    };
  });
  const lines = asked.flatMap((question) =>
    summaries
      .filter((summary) => summary.question === question)
      .flatMap((s) => linesOf(s, lengths)),
  );
  return {
    findings: findingsOf(summaries, { kind, longest, near: Math.min(...lengths), far }),
    tables: [...tables, ...(kind === 'MNIST' ? [] : [publishedTable()])],
    figures: [
      {
        file: 'digits',
        shows: `Mean absolute error of each cell against the number of ${kind}`,
        spec: errorsFigure(lines, asked, longest, kind),
      },
      ...(kind === 'drawn digits'
        ? [
            {
              file: 'drawn-digits',
              shows: 'Digits drawn for this study',
              spec: digitsFigure(),
            },
          ]
        : []),
    ],
    compared: kind === 'MNIST' ? comparedWith(summaries) : [],
  };
}

type Errors = 'error' | 'roundedError' | 'perfectError';
type Rights = 'right' | 'roundedRight' | 'perfectRight';

function rowsOf(summary: Summary, lengths: readonly number[], far: number): string[][] {
  const row = (name: string, error: Errors, right: Rights): string[] => [
    name,
    readRight(summary),
    ...lengths.map((length) => formatMeasure(summary.at(length, error))),
    share(summary.at(far, right)),
  ];
  return [
    row(summary.label, 'error', 'right'),
    ...(summary.isRounded
      ? [row(`${summary.label}, rounded`, 'roundedError', 'roundedRight')]
      : []),
    row(`perfect, reading as the ${summary.label}`, 'perfectError', 'perfectRight'),
  ];
}

const linesOf = (summary: Summary, lengths: readonly number[]): ErrorLine[] => {
  const line = (label: string, key: Errors): ErrorLine => ({
    question: summary.question,
    label,
    points: lengths.flatMap((length) => {
      const error = summary.at(length, key);
      return error === null ? [] : [{ length, error }];
    }),
  });
  return [
    line(summary.label, 'error'),
    ...(summary.isRounded ? [line(`${summary.label}, rounded`, 'roundedError')] : []),
  ];
};

/** What findings are about: the pictures, the longest sequences of training, and the shortest and longest of the test. */
interface Scope {
  readonly kind: string;
  readonly longest: number;
  readonly near: number;
  readonly far: number;
}

/** The paper does not say how it averages over the ten counts. */
const HOW_THEY_AVERAGE =
  'Here the error of the counts is the mean over all ten, so a network that gives the same answer after 1,000 pictures as after ten has an error of 99. The published 199 is twice that: the paper may average differently.';

function findingsOf(summaries: readonly Summary[], { kind, longest, near, far }: Scope): string[] {
  const off = (summary: Summary, length: number, key: Errors = 'error'): string =>
    formatMeasure(summary.at(length, key));
  const said = summaries
    .filter((summary) => summary.isRounded)
    .map(
      (summary) =>
        `${ASKED[summary.question]} ${kind}, an accumulator (${summary.label}) trained on up to ${longest} has a mean error of ${off(summary, near)} after ${formatWhole(near)} of them and ${off(summary, far)} after ${formatWhole(far)}, or ${off(summary, far, 'roundedError')} if its reading of each picture is rounded. For a perfect counter that misreads the same pictures it is ${off(summary, far, 'perfectError')}.`,
    );
  const others = summaries.filter(({ cell }) => !recurrentCell(cell).arithmetic);
  const lost = others.map(
    (other) =>
      `${other.label} ${off(other, far)} (${other.question}, ${readRight(other)} read right)`,
  );
  return [
    ...said,
    ...(lost.length > 0
      ? [
          `Mean errors of the other networks after ${formatWhole(far)} pictures: ${lost.join('; ')}.`,
        ]
      : []),
    ...(kind === 'MNIST'
      ? [HOW_THEY_AVERAGE]
      : [
          `These are ${kind}, not MNIST: the figures cannot be compared with the paper’s. \`--data FOLDER\` takes MNIST’s own four files.`,
        ]),
  ];
}

const figures = (): readonly PublishedFigure[] => publishedFor('digits');

/** What was published for MNIST, in a table of its own. */
function publishedTable(): ReportTable {
  return {
    title: 'Published for MNIST, for reference',
    about: `These pictures are not those above. ${VERIFIED} ${HOW_THEY_AVERAGE}`,
    head: ['what', 'model', 'published', 'unit', 'source'],
    rows: figures().map((figure) => [
      figure.what,
      figure.model,
      `${figure.value}`,
      figure.unit,
      sourceOf(figure),
    ]),
  };
}

const comparedWith = (summaries: readonly Summary[]) =>
  figures().map((published) => {
    const [question, length] = published.what.split(' of ') as [Question, string];
    const own = summaries.find((s) => s.question === question && s.label === published.model);
    return {
      published,
      here: formatMeasure(own?.at(Number.parseInt(length, 10), 'error') ?? null),
    };
  });
