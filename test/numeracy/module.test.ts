import { describe, expect, test } from 'vitest';
import { nau } from '../../agent/cells/nau.ts';
import { nmru } from '../../agent/cells/nmru.ts';
import { batchLayout, copyViews, ModelBatch } from '../../agent/model-batch.ts';
import { cellBatch } from '../../src/numeracy/module/cell-batch.ts';
import { leastSquaresStep } from '../../src/numeracy/module/least-squares.ts';
import { modelOf, models, NAME, SECOND_ORDER } from '../../src/numeracy/module/models.ts';
import { module } from '../../src/numeracy/module/module.ts';
import { testNumbers } from '../../src/numeracy/module/numbers.ts';
import {
  nearlyOf,
  operationNames,
  problemsOf,
  RANGES,
  truthOf,
} from '../../src/numeracy/module/problems.ts';
import { isFound, ratioOf } from '../../src/numeracy/module/score.ts';

const settings = { seeds: [1, 2], inputs: 2, iterations: 5, batch: 8 };
const runOf = (cell: string, set: object = {}) => ({
  name: cell,
  settings: { ...settings, cell, ...set },
});
const problems = problemsOf(settings.seeds);

/** Of one of the cells: trained to the end, and measured. */
async function trained(cell: string, set: object = {}) {
  const run = runOf(cell, set);
  const training = await module.train(run, {});
  const first = training.save().parameters!.slice();
  for (let i = 0; i < training.steps; i += 1) await training.step(i);
  const saved = training.save();
  await training.dispose();
  return { run, first, saved };
}

const everyProblem = operationNames.flatMap((operation) =>
  RANGES.flatMap((_, range) => [2, 10].map((inputs) => ({ operation, range, inputs }))),
);

describe('whether a cell has found its operation', () => {
  test.each(operationNames)(
    '%s: half of the error of weights off by ε passes, twice fails',
    (operation) => {
      for (const { range, inputs } of everyProblem) {
        const x = testNumbers(range, inputs, 200);
        const truth = truthOf(operation, x, inputs);
        const nearly = nearlyOf(operation, x, inputs);
        const ratio = (share: number) =>
          ratioOf(
            operation,
            x,
            inputs,
            truth.map((y, n) => y + share * (nearly[n]! - y)),
          );
        expect(ratio(0)).toBe(0);
        expect(ratio(0.5)).toBeCloseTo(0.5, 6);
        expect(isFound(ratio(0.5))).toBe(true);
        expect(isFound(ratio(2))).toBe(false);
        expect(isFound(ratio(1.0001))).toBe(false);
      }
    },
  );

  test.each(everyProblem)(
    '$operation, range $range, $inputs inputs: what is not the operation fails',
    ({ operation, range, inputs }) => {
      const x = testNumbers(range, inputs, 200);
      const truth = truthOf(operation, x, inputs);
      const found = (answers: Float64Array) => isFound(ratioOf(operation, x, inputs, answers));
      const mean = truth.reduce((sum, y) => sum + y, 0) / truth.length;
      expect(found(truth.map(() => mean))).toBe(false);
      expect(found(truth.map((_, n) => x[n * inputs]!))).toBe(false);
      expect(found(nearlyOf(operation, x, inputs, 0.01))).toBe(false);
      for (const other of operationNames) {
        expect(found(truthOf(other, x, inputs))).toBe(other === operation);
      }
      expect(found(truth.map((y, n) => (n === 7 ? Number.NaN : y)))).toBe(false);
    },
  );

  test('the error of weights off by ε is what the authors compute', () => {
    const x = Float32Array.of(3, 4, 2, -1);
    expect(nearlyOf('add', x, 4, 0.01)[0]).toBeCloseTo(7 - 0.1, 6);
    expect(nearlyOf('subtract', x, 4, 0.01)[0]).toBeCloseTo(-1 - 0.1, 6);
    expect(nearlyOf('multiply', x, 4, 0.01)[0]).toBeCloseTo(12 * 0.99 ** 2 * 0.98 * 0.99, 6);
    expect(nearlyOf('divide', x, 4, 0.01)[0]).toBeCloseTo(0.75 * (0.99 / 1.01) * 0.98 * 0.99, 6);
  });
});

test.each(models.map(({ id }) => id))('%s starts the same whatever the operation', async (cell) => {
  const training = await module.train(runOf(cell), {});
  const { parameters } = training.save();
  await training.dispose();
  const M = problems.length;
  const layout = batchLayout(modelOf(cell).cell.parameters(NAME, 2, 1), M);
  const firstOf = (m: number) => copyViews(layout, M, parameters!, m);
  for (const [m, { seed }] of problems.entries()) {
    expect(firstOf(m)).toEqual(firstOf(settings.seeds.indexOf(seed)));
  }
  expect(firstOf(0)).not.toEqual(firstOf(1));
});

test.each(['nau', 'nalu', SECOND_ORDER])('%s finds nothing untrained', async (cell) => {
  const training = await module.train(runOf(cell), {});
  const untrained = { ...training.save(), count: Float32Array.of(0) };
  await training.dispose();
  const { copies } = await module.evaluate(runOf(cell), untrained, {});
  for (const { ratio } of copies) {
    for (const name of operationNames) expect(ratio[name].some(isFound)).toBe(false);
  }
});

test('each copy is trained on its own operation: the right weights have no error there alone', async () => {
  const planted = async (cell: typeof nau, weights: readonly number[], operation: string) => {
    const S = settings.seeds.length;
    const batch = await ModelBatch.create(
      cellBatch(cell, 2, S, 8),
      problems.map(({ seed }) => seed),
    );
    for (const m of problems.keys())
      batch.setCopy(m, { [`${NAME}/w`]: Float32Array.from(weights) });
    const shares = Float32Array.from({ length: S * 8 * 2 }, (_, i) => ((i * 7) % 97) / 97);
    const errors = await batch.step({ shares, pull: Float32Array.of(0) }, 0);
    await batch.dispose();
    for (const [m, problem] of problems.entries()) {
      const isRight = problem.operation === operation;
      expect(errors[m]! < 1e-7, JSON.stringify(problem)).toBe(isRight);
    }
  };
  await planted(nau, [1, 1], 'add');
  await planted(nau, [1, -1], 'subtract');
  await planted(nmru, [1, 1, 0, 0], 'multiply');
  await planted(nmru, [1, 0, 0, 1], 'divide');
});

test('a model that is not finite is reported, and changes no other', async () => {
  const { run, saved } = await trained('nau');
  const broken = saved.parameters!.slice();
  // Two weights of each model: the second seed's product on the fifth range.
  const m = problems.findIndex(
    ({ operation, range, seed }) => operation === 'multiply' && range === 4 && seed === 2,
  );
  broken[2 * m] = Number.NaN;
  const { copies } = await module.evaluate(run, { ...saved, parameters: broken }, {});
  const whole = await module.evaluate(run, saved, {});
  expect(copies.map(({ diverged }) => diverged)).toEqual([false, true]);
  expect(copies[1]!.ratio.multiply[4]).toBeNull();
  for (const measure of ['ratio', 'wholeRatio', 'sparsity', 'solvedAt'] as const) {
    copies[1]![measure].multiply[4] = whole.copies[1]![measure].multiply[4]!;
  }
  expect(copies).toEqual(whole.copies.with(1, { ...whole.copies[1]!, diverged: true }));
});

describe('second-order steps', () => {
  test.each([2, 10])('find every operation on every range with %i inputs', async (inputs) => {
    const { run, saved } = await trained(SECOND_ORDER, { inputs });
    const { copies } = await module.evaluate(run, saved, {});
    for (const { ratio, solvedAt, sparsity } of copies) {
      for (const name of operationNames) {
        expect(ratio[name].every(isFound), name).toBe(true);
        expect(solvedAt[name]).toEqual(RANGES.map(() => 1));
        expect(sparsity[name]).toEqual(RANGES.map(() => 0));
      }
    }
  });

  test('go on with the same bits where they were stopped', async () => {
    const { run, saved } = await trained(SECOND_ORDER);
    const stopped = await module.train(run, {});
    await stopped.step(0);
    const resumed = await module.train(run, {});
    resumed.restore(stopped.save());
    for (let i = 1; i < resumed.steps; i += 1) await resumed.step(i);
    expect(resumed.save()).toEqual(saved);
  });

  test('are least squares where the answer is linear, wherever they start', () => {
    const x = Float64Array.of(1, 2, 3, 1, 4, 1, 2, 2);
    const y = Float64Array.of(0, 2.5, 3.5, 1).map((_, n) => 2 * x[2 * n]! - 0.5 * x[2 * n + 1]!);
    y[3] = Number.NEGATIVE_INFINITY;
    for (const start of [0, 5]) {
      const [a, b] = leastSquaresStep(x, y, new Float64Array(2).fill(start))!;
      expect(a).toBeCloseTo(2, 6);
      expect(b).toBeCloseTo(-0.5, 6);
    }
    expect(
      leastSquaresStep(new Float64Array(4), new Float64Array(2), new Float64Array(2)),
    ).toBeNull();
  });
});
