import { answerProgram, batchLayout, copyViews } from '../../../agent/model-batch.ts';
import { answersOf } from '../answers.ts';
import type { Tensors32 } from '../task.ts';
import { type Model, NAME } from './models.ts';
import { testNumbers } from './numbers.ts';
import { operationNames, problemsOf, RANGES } from './problems.ts';
import {
  type ModelMeasures,
  type ModuleCopy,
  type ModuleResult,
  ratioOf,
  sparsityOf,
} from './score.ts';

/** Rows of the test, and how many are answered at once: what lies between is large. */
const ROWS = 1000;
const AT_ONCE = 100;

/** Measures all copies on numbers that no training saw. @param trained what the training saved */
export async function evaluateModel(
  { cell }: Model,
  { inputs, seeds }: { readonly inputs: number; readonly seeds: readonly number[] },
  trained: Tensors32,
): Promise<ModuleResult> {
  const problems = problemsOf(seeds);
  const M = problems.length;
  const specs = cell.parameters(NAME, inputs, 1);
  const layout = batchLayout(specs, M);
  const tests = RANGES.map((_, range) => testNumbers(range, inputs, ROWS));
  const program = answerProgram(cell.id, specs, M, inputs, (own, x) => cell.apply(own, NAME, x));
  const own = (vector: Float32Array, m: number) => copyViews(layout, M, vector, m);

  const whole = trained.parameters!.slice();
  for (const m of problems.keys()) cell.round(own(whole, m), NAME, inputs);
  const inputsOf = problems.map(({ range }) => tests[range]!);
  const answers = await answersOf(program, trained.parameters!, inputsOf, inputs, AT_ONCE);
  const wholeAnswers = await answersOf(program, whole, inputsOf, inputs, AT_ONCE);

  const measured = problems.map(({ operation, range }, m): ModelMeasures => {
    const parameters = own(trained.parameters!, m);
    const areFinite = Object.values(parameters).every((values) => values.every(Number.isFinite));
    const ratioTo = (given: Float32Array) => ratioOf(operation, tests[range]!, inputs, given);
    const ratio = ratioTo(answers[m]!);
    if (!areFinite || ratio === null) return NOTHING;
    return {
      ratio: short(ratio),
      wholeRatio: short(ratioTo(wholeAnswers[m]!)),
      sparsity: short(sparsityOf(cell, parameters, inputs)),
      solvedAt: solvedAt(trained, m),
    };
  });
  return { copies: seeds.map((seed, s) => copyOf(seed, s, seeds.length, measured)) };
}

const NOTHING: ModelMeasures = { ratio: null, wholeRatio: null, sparsity: null, solvedAt: null };

/** The measures of the seed in place `s`, out of those of all problems. */
function copyOf(
  seed: number,
  s: number,
  S: number,
  measured: readonly ModelMeasures[],
): ModuleCopy {
  const own = measured.filter((_, m) => m % S === s);
  const sorted = (measure: keyof ModelMeasures) =>
    Object.fromEntries(
      operationNames.map((name, o) => [
        name,
        own.slice(o * RANGES.length, (o + 1) * RANGES.length).map((model) => model[measure]),
      ]),
    ) as ModuleCopy['ratio'];
  return {
    seed,
    diverged: own.some(({ ratio }) => ratio === null),
    ratio: sorted('ratio'),
    wholeRatio: sorted('wholeRatio'),
    sparsity: sorted('sparsity'),
    solvedAt: sorted('solvedAt'),
  };
}

/** Four figures: a result's file holds many numbers, and never turns a ratio below 1 into 1. */
const short = (value: number | null): number | null => {
  if (value === null) return null;
  const rounded = Number(value.toPrecision(4));
  return value < 1 && rounded >= 1 ? 0.9999 : rounded;
};

/** @returns null where the error was not below the limit at the last step */
function solvedAt({ lastUnsolved, count }: Tensors32, m: number): number | null {
  const last = lastUnsolved![m]!;
  return last < count![0]! ? last : null;
}
