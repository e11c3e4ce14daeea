import { answerProgram } from '../../../agent/model-batch.ts';
import { answersOf } from '../answers.ts';
import type { Tensors32 } from '../task.ts';
import { lstmReader } from './lstm-reader.ts';
import { MODELS } from './models.ts';
import { reckon } from './reckoner.ts';
import {
  beyondNumbers,
  failuresByForm,
  type LanguageResult,
  scoreAnswers,
  testedNumbers,
} from './score.ts';
import { isReckoner, type LanguageRun, type LstmRun, type ReckonerRun } from './settings.ts';
import { RANGES, splitNumbers } from './split.ts';
import { savedReckoners } from './train-reckoner.ts';
import { mostWords, oneHot, V, wordsOf } from './word-input.ts';

/** What each copy answers. @param sets numbers for each copy, as many for one as for another */
type Answer = (
  sets: readonly (readonly number[])[],
  greatest: number,
) => Promise<ArrayLike<number>[]>;

/** Numbers that a figure of answers shows. */
const SHOWN = 200;

export async function evaluateLanguage(
  run: LanguageRun,
  trained: Tensors32,
): Promise<LanguageResult> {
  const { seeds } = run;
  const range = RANGES[run.range];
  const answer = isReckoner(run) ? reckonerAnswers(run, trained) : lstmAnswers(run, trained);
  const tests = seeds.map((seed) => testedNumbers(seed, range));
  const validations = seeds.map((seed) => splitNumbers(seed, range).validation);
  const beyond = beyondNumbers(range, run.beyond);
  const answers = await answer(tests, range.greatest);
  const watched = await answer(validations, range.greatest);
  const answersBeyond = await answer(
    seeds.map(() => beyond),
    999_999,
  );
  const copies = seeds.map((seed, m) => {
    const scores = [
      scoreAnswers(answers[m]!, tests[m]!),
      scoreAnswers(watched[m]!, validations[m]!),
      scoreAnswers(answersBeyond[m]!, beyond),
    ];
    const diverged = scores.includes(null);
    const [test, validation, far] = diverged ? [null, null, null] : scores;
    return {
      ...{ seed, diverged },
      validation: validation?.error ?? null,
      test: test?.error ?? null,
      exact: test?.exact ?? null,
      beyond: far?.error ?? null,
      exactBeyond: beyond.length > 0 ? (far?.exact ?? null) : null,
    };
  });
  const whole = copies.flatMap(({ diverged, test }, m) => (diverged ? [] : [{ m, test: test! }]));
  const median = whole.sort((a, b) => a.test - b.test)[Math.floor(whole.length / 2)]?.m;
  return {
    copies,
    tested: range.test,
    testedBeyond: beyond.length,
    forms: failuresByForm(whole.map(({ m }) => ({ answers: answers[m]!, truth: tests[m]! }))),
    shown:
      median === undefined
        ? []
        : tests[median]!.slice(0, SHOWN).map((number, n) => [
            number,
            Number(answers[median]![n]!.toPrecision(6)),
          ]),
  };
}

function reckonerAnswers({ seeds }: ReckonerRun, { best }: Tensors32): Answer {
  const reckoners = savedReckoners(best!, seeds.length);
  return async (sets) =>
    sets.map((numbers, m) => numbers.map((number) => reckon(reckoners[m]!, wordsOf(number))));
}

function lstmAnswers(run: LstmRun, { parameters }: Tensors32): Answer {
  const { model, hidden, seeds, range } = run;
  const { head, isScaled } = MODELS[model];
  const reader = lstmReader(head, hidden);
  const unit = isScaled ? RANGES[range].greatest : 1;
  return async (sets, greatest) => {
    if (sets[0]!.length === 0) return sets.map(() => []);
    const L = mostWords(greatest);
    const name = `language, ${model}`;
    const program = answerProgram(name, reader.parameters, seeds.length, L * V, reader.apply);
    const words = sets.map((numbers) => oneHot(numbers, L));
    const answers = await answersOf(program, parameters!, words, L * V);
    return answers.map((own) => Array.from(own, (value) => value * unit));
  };
}
