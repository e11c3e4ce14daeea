import { batchLayout, copyViews, firstOfCopies } from '../../../agent/model-batch.ts';
import { evaluateFormula, writeFormula } from '../../../agent/second-order/formula.ts';
import { sparsityError } from '../success.ts';
import type { Tensors32 } from '../task.ts';
import { answersOfNetwork } from './answer-network.ts';
import { type NetworkName, networkOf } from './networks.ts';
import {
  byInput,
  drawInputs,
  FORMS,
  type FormName,
  nearlyRight,
  type Operation,
  slicesOf,
  TRAINING_RANGE,
  truthOf,
} from './problem.ts';
import { type ArithmeticCopy, type ArithmeticResult, scoreModel } from './score.ts';
import { readSelectors } from './train-selector.ts';

export interface Tested {
  readonly operation: Operation;
  readonly form: FormName;
  readonly seeds: readonly number[];
}

/** Samples of each test, made here and nowhere else. */
const TESTED = { static: 2000, recurrent: 250 } as const;

/** @returns [N, T, I] each: numbers like those of training, and those beyond */
function testInputs(name: FormName) {
  const form = FORMS[name];
  const { steps, testSteps, testRange } = form;
  return {
    inside: drawInputs(`arithmetic/test/inside/${name}`, TESTED[name], form, steps, TRAINING_RANGE),
    outside: drawInputs(
      `arithmetic/test/outside/${name}`,
      TESTED[name],
      form,
      testSteps,
      testRange,
    ),
  };
}

/** Answers of all copies, [N] each. */
interface Answers {
  readonly inside: readonly (Float32Array | Float64Array)[];
  readonly outside: readonly (Float32Array | Float64Array)[];
}

function scored(
  { operation, form: name, seeds }: Tested,
  x: ReturnType<typeof testInputs>,
  trained: Answers,
  untrained: Answers,
  whole: Answers['outside'] | null,
  more: (m: number) => Pick<ArithmeticCopy, 'sparsity' | 'solvedAt' | 'formula'>,
): ArithmeticResult {
  const form = FORMS[name];
  const { steps, testSteps } = form;
  const nothing = { inside: null, outside: null, ratio: null, solved: false, solvedWhole: false };
  const unread = { sparsity: null, solvedAt: null, formula: null };
  return {
    copies: seeds.map((seed, m) => {
      const slices = slicesOf(form, seed);
      const score = scoreModel(
        {
          answers: trained.inside[m]!,
          untrained: untrained.inside[m]!,
          truth: truthOf(operation, form, slices, x.inside, steps),
        },
        {
          answers: trained.outside[m]!,
          untrained: untrained.outside[m]!,
          truth: truthOf(operation, form, slices, x.outside, testSteps),
          nearly: nearlyRight(operation, form, slices, x.outside, testSteps),
          whole: whole && whole[m]!,
        },
      );
      if (score === null) return { seed, diverged: true, ...nothing, ...unread };
      const { solvedAt, ...rest } = more(m);
      return { seed, diverged: false, ...score, ...rest, solvedAt: score.solved ? solvedAt : null };
    }),
  };
}

/** Measures copies of a network. @param trained what the training saved */
export async function testNetwork(
  tested: Tested & { readonly network: NetworkName },
  trained: Tensors32,
): Promise<ArithmeticResult> {
  const form = FORMS[tested.form];
  const network = networkOf(tested.network, tested.form);
  const M = tested.seeds.length;
  const x = testInputs(tested.form);
  const layout = batchLayout(network.parameters, M);
  const copyOf = (all: Float32Array, m: number) => copyViews(layout, M, all, m);
  const whole = trained.parameters!.slice();
  for (const m of tested.seeds.keys()) network.whole?.round(copyOf(whole, m));
  const answer = (parameters: Float32Array, inputs: Float32Array, steps: number) =>
    answersOfNetwork(network, form, parameters, M, inputs, steps);
  const both = async (parameters: Float32Array): Promise<Answers> => ({
    inside: await answer(parameters, x.inside, form.steps),
    outside: await answer(parameters, x.outside, form.testSteps),
  });
  return scored(
    tested,
    x,
    await both(trained.parameters!),
    await both(firstOfCopies(network.parameters, tested.seeds)),
    network.whole && (await answer(whole, x.outside, form.testSteps)),
    (m) => ({
      sparsity:
        network.whole && sparsityError(network.whole.weights(copyOf(trained.parameters!, m))),
      solvedAt: trained.solvedAt![m]!,
      formula: null,
    }),
  );
}

/** Measures copies of the cell that is a sum or a product. Untrained, it answers 0. @param trained what the training saved */
export function testSelector(tested: Tested, trained: Tensors32): ArithmeticResult {
  const form = FORMS[tested.form];
  const x = testInputs(tested.form);
  const M = tested.seeds.length;
  const readings = readSelectors(trained, M, form);
  const turned = {
    inside: byInput(x.inside, form, form.steps),
    outside: byInput(x.outside, form, form.testSteps),
  };
  const N = TESTED[tested.form];
  const of = (inputs: Float64Array) =>
    readings.map(({ formula }) => evaluateFormula(formula, inputs, N));
  const zeros = readings.map(() => new Float64Array(N));
  const answers = { inside: of(turned.inside), outside: of(turned.outside) };
  return scored(tested, x, answers, { inside: zeros, outside: zeros }, answers.outside, (m) => ({
    sparsity: readings[m]!.distance,
    solvedAt: trained.solvedAt![m]!,
    formula: writeFormula(readings[m]!.formula),
  }));
}
