import * as z from 'zod';
import { DrawnNumbers } from '../drawn-numbers.ts';
import { measure } from '../measures.ts';
import type { TaskResult } from '../task.ts';
import { spell } from './spelling.ts';
import { type Range, splitNumbers } from './split.ts';

/** What a run of the task is kept as. */
export const languageResult = z.strictObject({
  copies: z.array(
    z.strictObject({
      seed: z.int(),
      diverged: z.boolean(),
      /** Mean absolute errors. */
      validation: measure,
      test: measure,
      /** Numbers of the test whose answer is right to the whole number. */
      exact: measure,
      /** The same two beyond what was learnt: from 10,000 to 999,999. */
      beyond: measure,
      exactBeyond: measure,
    }),
  ),
  tested: z.int(),
  testedBeyond: z.int(),
  /** How often expressions of each form are answered wrongly, over all seeds, with the answer that is worst by far. */
  forms: z.array(
    z.strictObject({
      form: z.string(),
      failed: z.int(),
      of: z.int(),
      worst: z.strictObject({ number: z.number(), answer: z.number() }).nullable(),
    }),
  ),
  /** Numbers of the test and answers of the seed with the median error. */
  shown: z.array(z.tuple([z.number(), z.number()])),
});

export type LanguageResult = z.infer<typeof languageResult> & TaskResult;

/** The numbers of the test of one seed: those that were neither learnt nor watched. */
export const testedNumbers = (seed: number, range: Range): number[] =>
  splitNumbers(seed, range).rest.slice(0, range.test);

/** Numbers beyond training, the same for every model: none where no number below them has thousands to learn from. */
export function beyondNumbers({ greatest }: Range, count: number): number[] {
  if (greatest < 2000) return [];
  const draws = new DrawnNumbers('language/beyond');
  return Array.from({ length: count }, () => draws.integer(10_000, 999_999));
}

/** How right answers are; null if one of them is not a finite number. @param answers and truth [N] */
export function scoreAnswers(answers: ArrayLike<number>, truth: readonly number[]) {
  const sum = truth.reduce((total, number, n) => total + Math.abs(answers[n]! - number), 0);
  if (!Number.isFinite(sum)) return null;
  return {
    error: truth.length > 0 ? sum / truth.length : null,
    exact: truth.filter((number, n) => Math.round(answers[n]!) === number).length,
  };
}

/** Kinds of words that stand in for their words in a form. */
const KINDS: readonly (readonly [string, RegExp])[] = [
  ['one', /^(one|two|three|four|five|six|seven|eight|nine)$/],
  ['twelve', /^(ten|eleven|twelve|.*teen)$/],
  ['twenty', /ty$/],
];

/** The form of a number's expression, such as `one hundred and twenty` for 340. */
export const formOf = (number: number): string =>
  spell(number)
    .map((word) => KINDS.find(([, kind]) => kind.test(word))?.[0] ?? word)
    .join(' ');

/** @param sets of each seed, its answers and their truth */
export function failuresByForm(
  sets: readonly { readonly answers: ArrayLike<number>; readonly truth: readonly number[] }[],
): LanguageResult['forms'] {
  const forms = new Map<string, LanguageResult['forms'][number]>();
  for (const { answers, truth } of sets) {
    for (const [n, number] of truth.entries()) {
      const answer = answers[n]!;
      const form = formOf(number);
      const { failed, of, worst } = forms.get(form) ?? { failed: 0, of: 0, worst: null };
      const isWrong = Math.round(answer) !== number;
      const isWorse =
        isWrong && (!worst || Math.abs(answer - number) > Math.abs(worst.answer - worst.number));
      forms.set(form, {
        ...{ form, failed: failed + (isWrong ? 1 : 0), of: of + 1 },
        worst: isWorse ? { number, answer: Number(answer.toPrecision(6)) } : worst,
      });
    }
  }
  return [...forms.values()].sort((a, b) => b.of - a.of || (a.form < b.form ? -1 : 1));
}
