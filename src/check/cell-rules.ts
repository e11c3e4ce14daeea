import { compile } from '../../agent/compiler/compile.ts';
import { answerProgram } from '../../agent/model-batch.ts';
import { gradientProblem } from './cell-gradients.ts';
import { B, type BatchAnswer, type CellAnswer, CellSubject, concat } from './cell-subject.ts';
import { readProblem, roundProblem } from './cell-weights.ts';
import type { SubjectRule } from './judge.ts';
import { near, short } from './near.ts';

/** Sizes of the inputs that it has to bear. */
const SIZES = [0, 1e-6, 1, 1e6];
/** As many inputs as the largest task gives it. */
const MANY = 100;

/** The first number in which two answers differ. */
function difference(one: CellAnswer, other: CellAnswer, tolerance: number): string | undefined {
  for (const [name, values, others] of [
    ['y', one.y, other.y],
    ['distanceFromWhole', one.distance, other.distance],
  ] as const) {
    const at = values.findIndex((value, i) => !near(value, others[i]!, tolerance));
    if (at >= 0) return `number ${at} of ${name} is ${values[at]} and ${others[at]}`;
  }
  return undefined;
}

/** What every arithmetic cell must keep to. */
export const cellRules: readonly SubjectRule<CellSubject>[] = [
  {
    id: 'parameters',
    says: 'parameters are called name or name/part, and their first values are finite and depend on the given numbers alone',
    advice:
      'call each parameter name, a slash and a part, such as c/w in a cell called c, and draw its first values with the function that initial is given',
    check(subject) {
      return namesProblem(subject) ?? firstValuesProblem(subject);
    },
  },
  {
    id: 'sizes',
    says: 'apply returns [B, O] for x [B, I], and distanceFromWhole a number of at least 0',
    advice: 'multiply x by weights [I, O], and let distanceFromWhole end in a mean',
    needs: ['parameters'],
    async check(subject) {
      for (const rows of [1, B]) {
        const x = subject.floats(rows * subject.I, -3, 3);
        const [distance] = (await subject.answer(subject.moved(rows), x)).distance;
        if (!(distance! >= 0 && distance! < Infinity)) return `distanceFromWhole is ${distance}`;
      }
      return undefined;
    },
  },
  {
    id: 'pure',
    says: 'the same parameters and inputs always give the same answers',
    advice: 'draw nothing at random in apply, and keep nothing between two calls',
    needs: ['sizes'],
    async check(subject) {
      const parameters = subject.moved(1);
      const x = subject.floats(B * subject.I, -3, 3);
      const first = await subject.answer(parameters, x);
      return difference(first, await subject.answer(parameters, x), 0);
    },
  },
  {
    id: 'rows-apart',
    says: 'a row of a batch gives the same answer as alone',
    advice: 'look for an operation over the rows: count axes from the end, as in tf.sum(x, -1)',
    needs: ['pure'],
    async check(subject) {
      const { I, O } = subject;
      const parameters = subject.moved(1);
      const x = subject.floats(B * I, -3, 3);
      const { y, distance } = await subject.answer(parameters, x);
      for (let row = 0; row < B; row += 1) {
        const alone = await subject.answer(parameters, x.slice(row * I, (row + 1) * I));
        const together = { y: y.slice(row * O, (row + 1) * O), distance };
        const found = difference(together, alone, 1e-5);
        if (found) return `${found}, in a batch of ${B} and alone`;
      }
      return undefined;
    },
  },
  {
    id: 'batch',
    says: 'many models in one call, each parameter [M, …] and x [M, B, I], give the same answers as each alone',
    advice: 'count axes from the end, since parameters and x may have a dimension before them',
    needs: ['pure'],
    async check(subject) {
      const { I, O } = subject;
      const models = [1, 2, 3].map((seed) => subject.moved(seed));
      const x = subject.floats(models.length * B * I, -3, 3);
      const { y, distance } = await subject.answers(models, x);
      for (const [m, parameters] of models.entries()) {
        const alone = await subject.answer(parameters, x.slice(m * B * I, (m + 1) * B * I));
        const together = {
          y: y.slice(m * B * O, (m + 1) * B * O),
          distance: distance.slice(m, m + 1),
        };
        const found = difference(together, alone, 1e-5);
        if (found) return `${found}, of ${models.length} models together and of one alone`;
      }
      return undefined;
    },
  },
  {
    id: 'finite',
    says: 'y and its gradients are finite for inputs up to ±1,000,000, zeros among them, even with 100 inputs',
    advice:
      'bound exponentials and products (boundedExp, product), and keep zero out of log, sqrt and what is divided by',
    needs: ['batch'],
    async check(subject) {
      const { cell, I, O } = subject;
      for (const inputs of [I, MANY]) {
        const problem = await finiteProblem(
          inputs === I ? subject : new CellSubject(cell, inputs, O),
        );
        if (problem) return inputs === I ? problem : `with ${inputs} inputs, ${problem}`;
      }
      return undefined;
    },
  },
  {
    id: 'gradients',
    says: 'gradients agree with finite differences at positive, negative, tiny and zero inputs, and every parameter matters',
    advice:
      'use operations of TensorFlow.js with a gradient, correct any customGrad, and drop parameters without effect',
    needs: ['rows-apart', 'finite'],
    check: gradientProblem,
  },
  {
    id: 'compiled',
    says: 'it compiles to a static graph, gradients included, that gives the same answers as TensorFlow.js',
    advice:
      'use only tensor operations: do not read values (dataSync), and do not take the number of rows from a shape',
    needs: ['batch'],
    check: compiledProblem,
  },
  {
    id: 'round',
    says: 'round makes the weights whole and finite, so that rounding again changes nothing',
    advice:
      'write the rounded values into the arrays that round is given, for which distanceFromWhole is 0',
    needs: ['pure'],
    check: roundProblem,
  },
  {
    id: 'read',
    says: 'with whole weights, read says what apply computes',
    advice:
      'let read return [I, O] row by row: sums, powers, or both with the gate between them, and null where there is none',
    needs: ['rows-apart', 'round'],
    check: readProblem,
  },
];

function namesProblem({ cell, specs, I, O }: CellSubject): string | undefined {
  for (const [name, list] of [
    ['c', specs],
    ['layer/c', cell.parameters('layer/c', I, O)],
  ] as const) {
    const names = list.map((spec) => spec.name);
    const other = names.find((one) => one !== name && !one.startsWith(`${name}/`));
    if (other !== undefined) return `a parameter of the cell ${name} is called ${other}`;
    const twice = names.find((one, i) => names.indexOf(one) < i);
    if (twice !== undefined) return `two parameters are called ${twice}`;
  }
  return undefined;
}

function firstValuesProblem(subject: CellSubject): string | undefined {
  const first = subject.drawn(1);
  const again = subject.drawn(1);
  for (const [name, values] of Object.entries(first)) {
    const wrong = values.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) return `${name} has the first value ${wrong}`;
    const at = values.findIndex((value, i) => value !== again[name]![i]);
    if (at >= 0) {
      return `${name}[${at}] is first ${values[at]} and then ${again[name]![at]}, drawn from the same numbers`;
    }
  }
  return undefined;
}

/** Whole models, trained ones and first ones, at rows of one size each and at mixed ones. */
async function finiteProblem(subject: CellSubject): Promise<string | undefined> {
  const { I, O } = subject;
  const models = [subject.drawn(1), subject.moved(2), subject.rounded(3)];
  const rows = SIZES.length * 2;
  const one = subject.floats(rows * I, -1, 1).map((value, i) => {
    const row = Math.floor(i / I);
    const size = SIZES[row] ?? SIZES[i % SIZES.length]!;
    return row < SIZES.length ? Math.sign(value) * size : value * size;
  });
  const x = concat(models.map(() => one));
  const answer = await subject.gradients(
    models,
    x,
    subject.floats(models.length * rows * O, -1, 1),
  );
  const wrong = answer.y.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const row = Math.floor(wrong / O) % rows;
    const given = [...one.subarray(row * I, row * I + Math.min(I, 3))].map(short);
    return `y is ${answer.y[wrong]} for x = ${given.join(', ')}${I > 3 ? ', …' : ''}`;
  }
  for (const [name, values] of Object.entries(answer.gradients)) {
    const value = values.find((slope) => !Number.isFinite(slope));
    if (value !== undefined) return `the gradient by ${name} is ${value}`;
  }
  return undefined;
}

async function compiledProblem(subject: CellSubject): Promise<string | undefined> {
  const { cell, I, O, specs } = subject;
  const models = [subject.drawn(1), subject.moved(2)];
  const x = subject.floats(models.length * B * I, -3, 3);
  const weights = subject.floats(models.length * B * O, -1, 1);
  const reference = await subject.gradients(models, x, weights);
  const compiled = await subject.gradients(models, x, weights, 1, 'onnx');
  // The number of rows is not known when answers are compiled.
  compile(
    answerProgram('the cell', specs, models.length, I, (all, given) => cell.apply(all, 'c', given)),
  );
  const found = difference(reference, compiled, 1e-4) ?? slopesDiffer(reference, compiled);
  return found && `${found}, in TensorFlow.js and compiled`;
}

function slopesDiffer(one: BatchAnswer, other: BatchAnswer): string | undefined {
  for (const [name, values] of Object.entries(one.gradients)) {
    const others = other.gradients[name]!;
    const at = values.findIndex((value, i) => !near(value, others[i]!, 1e-3));
    if (at >= 0)
      return `number ${at} of the gradient by ${name} is ${values[at]} and ${others[at]}`;
  }
  return undefined;
}
