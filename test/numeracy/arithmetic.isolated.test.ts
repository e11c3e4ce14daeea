import { beforeEach, describe, expect, test, vi } from 'vitest';

/** Whether what is drawn for a test is NaN, and the keys that were drawn by. */
const drawing = vi.hoisted(() => ({ isPoisoned: false, keys: [] as string[] }));

vi.mock('../../src/numeracy/arithmetic/problem.ts', async (importOriginal) => {
  const original =
    await importOriginal<typeof import('../../src/numeracy/arithmetic/problem.ts')>();
  return {
    ...original,
    drawInputs: (...[key, ...rest]: Parameters<typeof original.drawInputs>) => {
      drawing.keys.push(key);
      const x = original.drawInputs(key, ...rest);
      return drawing.isPoisoned && key.includes('/test/') ? x.fill(Number.NaN) : x;
    },
  };
});

const { arithmetic } = await import('../../src/numeracy/arithmetic/arithmetic.ts');
const { drawInputs, FORMS, nearlyRight, OPERATIONS, slicesOf, truthOf } = await import(
  '../../src/numeracy/arithmetic/problem.ts'
);
const { wilson } = await import('../../src/evaluate/statistics.ts');
const { scoreModel } = await import('../../src/numeracy/arithmetic/score.ts');
const { errorRatio } = await import('../../src/numeracy/success.ts');

beforeEach(() => {
  drawing.isPoisoned = false;
  drawing.keys = [];
});

type Given = Partial<Parameters<typeof arithmetic.runs>[0]>;

const settingsOf = (given: Given) =>
  arithmetic.schema.parse(given) as Parameters<typeof arithmetic.runs>[0];
const runsOf = (given: Given) => arithmetic.runs(settingsOf(given), {});

async function train(
  run: Awaited<ReturnType<typeof runsOf>>[number],
  { from = 0, to = Number.POSITIVE_INFINITY, saved = undefined as Saved | undefined } = {},
) {
  const training = await arithmetic.train(run, {});
  if (saved) training.restore(structuredClone(saved));
  for (let i = from; i < Math.min(to, training.steps); i += 1) await training.step(i);
  const trained = structuredClone(training.save());
  await training.dispose();
  return trained;
}
type Saved = Readonly<Record<string, Float32Array>>;

const TINY: Given = {
  seeds: [3, 4, 5],
  iterations: 6,
  sumIterations: 6,
  recurrentIterations: 4,
  batch: 8,
  samples: 240,
  steps: 5,
};

describe('the limit of success', () => {
  const form = FORMS.static;
  const slices = slicesOf(form, 1);
  const x = drawInputs('arithmetic test', 500, form, 1, form.testRange);
  const of = (operation: (typeof OPERATIONS)[number]) => {
    const truth = truthOf(operation, form, slices, x, 1);
    const nearly = nearlyRight(operation, form, slices, x, 1);
    const untrained = new Float64Array(truth.length);
    const score = (answers: Float64Array) =>
      scoreModel(
        { answers, untrained, truth },
        { answers, untrained, truth, nearly, whole: answers },
      );
    return { truth, nearly, score };
  };

  test.each(OPERATIONS)(
    'of %s lies between half and twice the error of weights off by ε',
    (operation) => {
      const { truth, nearly, score } = of(operation);
      const planted = (times: number) => truth.map((y, n) => y + times * (nearly[n]! - y));
      expect(score(planted(0.5))).toMatchObject({ solved: true, solvedWhole: true });
      expect(score(planted(2))).toMatchObject({ solved: false, solvedWhole: false });
      expect(score(truth)).toMatchObject({ solved: true, inside: 0, outside: 0, ratio: 0 });
    },
  );

  test.each(OPERATIONS)('of %s is not met by models that know nothing', (operation) => {
    const { truth, score } = of(operation);
    const mean = truth.reduce((sum, y) => sum + y, 0) / truth.length;
    const a = truthOf('square', form, slices, x, 1).map(Math.sqrt);
    const planted = {
      mean: truth.map(() => mean),
      a,
      nothing: truth.map(() => 0),
      'weights off by 1 %': nearlyRight(operation, form, slices, x, 1, 0.01),
    };
    for (const answers of Object.values(planted)) {
      expect(score(answers)).toMatchObject({ solved: false, solvedWhole: false });
    }
    expect(score(planted.nothing)).toMatchObject({ inside: 100, outside: 100 });
  });

  test('is that of Madsen and Johansen: every weight of a sum off by ε', () => {
    const { truth, nearly } = of('add');
    let square = 0;
    for (let n = 0; n < truth.length; n += 1) {
      let off = 0;
      for (let i = 0; i < 100; i += 1) {
        for (const from of [slices.a, slices.b]) {
          off += (i >= from && i < from + 25 ? -1e-5 : 1e-5) * x[n * 100 + i]!;
        }
      }
      square += off ** 2 / truth.length;
    }
    const found = errorRatio(
      nearly,
      truth.map((y) => y + Math.sqrt(square)),
      truth,
    );
    expect(found).toBeCloseTo(1, 6);
  });

  test('is not met by answers that are not numbers, which leave the others alone', () => {
    const { truth, score } = of('add');
    expect(score(truth.with(7, Number.NaN))).toBeNull();
  });

  test('has a Wilson interval', () => {
    expect(wilson(98, 100).map((share) => Math.round(1000 * share))).toEqual([930, 994]);
    for (const count of [1, 5, 25, 45, 900]) {
      expect(wilson(0, count)[0]).toBe(0);
      expect(wilson(count, count)[1]).toBe(1);
    }
  });
});

describe('a training', () => {
  const kinds = [
    ['the second-order cell', { models: ['sum-or-product'], forms: ['static'] }],
    ['a network', { models: ['nalu'], forms: ['static'] }],
    ['a recurrent network', { models: ['nac'], forms: ['recurrent'] }],
  ] as const satisfies readonly (readonly [string, Given])[];

  test.each(kinds)(
    'of %s starts from the same parameters whatever the operation',
    async (_, kind) => {
      const operations = ['add', 'subtract'];
      const runs = await runsOf({ ...TINY, ...kind, operations });
      const starts = await Promise.all(runs.map((run) => train(run, { to: 0 })));
      expect(runs.length).toBeGreaterThan(1);
      for (const { parameters } of starts) expect(parameters).toEqual(starts[0]!.parameters);
    },
  );

  // A network resumes like any task's model: test/numeracy/every-task.test.ts.
  test.each([kinds[0], kinds[2]])('of %s resumes with the same bits', async (_, kind) => {
    const [run] = await runsOf({ ...TINY, ...kind, operations: ['subtract'] });
    const whole = await train(run!);
    const saved = await train(run!, { to: 2 });
    expect(await train(run!, { from: 2, saved })).toEqual(whole);
  });

  test.each(kinds)('of %s never sees what it is tested on', async (_, kind) => {
    const [run] = await runsOf({ ...TINY, ...kind, operations: ['subtract'] });
    const trained = await train(run!);
    expect(drawing.keys.filter((key) => key.includes('/test/'))).toEqual([]);
    drawing.isPoisoned = true;
    expect(await train(run!)).toEqual(trained);
    const { copies } = await arithmetic.evaluate(run!, trained, {});
    expect(copies.every(({ diverged, solved }) => diverged && !solved)).toBe(true);
  });

  test.each(kinds.slice(0, 1))('of %s teaches a copy what it learns alone', async (_, kind) => {
    const given = { ...TINY, ...kind, operations: ['subtract'] } as Given;
    const [run] = await runsOf(given);
    const [alone] = await runsOf({ ...given, seeds: [4] });
    const results = [];
    for (const one of [run!, alone!]) {
      results.push(await arithmetic.evaluate(one, await train(one), {}));
    }
    const [together, single] = [results[0]!.copies[1]!, results[1]!.copies[0]!];
    expect(together.inside).toBeCloseTo(single.inside!, 3);
    expect(together.formula).toBe(single.formula);
  });

  test('keeps a copy that is not a number to itself', async () => {
    const [run] = await runsOf({
      ...TINY,
      models: ['nac'],
      operations: ['add'],
      forms: ['static'],
    });
    const trained = await train(run!);
    const before = await arithmetic.evaluate(run!, trained, {});
    const size = trained.parameters!.length / 3;
    const { parameters } = structuredClone(trained);
    // The parameters of each name stand together for all copies; the first name's second copy begins after its first.
    parameters![200] = Number.NaN;
    expect(size).toBeGreaterThan(200);
    const after = await arithmetic.evaluate(run!, { ...trained, parameters: parameters! }, {});
    expect(after.copies[1]).toMatchObject({
      seed: 4,
      diverged: true,
      outside: null,
      solved: false,
    });
    for (const m of [0, 2]) expect(after.copies[m]).toEqual(before.copies[m]);
  });
});

describe('the second-order cell', () => {
  test('finds every operation over ten steps, and keeps it over a thousand', async () => {
    const runs = await runsOf({
      seeds: [1, 2],
      models: ['sum-or-product'],
      forms: ['recurrent'],
      samples: 400,
    });
    expect(runs.map(({ settings }) => settings.operation)).toEqual(OPERATIONS);
    for (const run of runs) {
      const { copies } = await arithmetic.evaluate(run, await train(run), {});
      for (const copy of copies) expect(copy).toMatchObject({ solved: true, diverged: false });
    }
  });
});

describe('a study', () => {
  test('trains what is declared, and no cell on what it cannot write', async () => {
    const runs = await runsOf({});
    const names = runs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('divide, nmru');
    expect(names).toContain('root, lstm, recurrent');
    expect(names).not.toContain('multiply, nac');
    expect(names.filter((name) => name.includes('sum-or-product'))).toHaveLength(12);
    await expect(runsOf({ operations: ['multiply'], models: ['nac'] })).rejects.toThrow(
      'has nothing to train',
    );
  });

  test('reports a line for each run', async () => {
    const runs = await runsOf({ ...TINY, operations: ['add', 'divide'], forms: ['static'] });
    const copy = {
      ...{ seed: 3, diverged: false, inside: 1, outside: 2, ratio: 0.5, solved: true },
      ...{ solvedWhole: true, sparsity: 0.1, solvedAt: 3, formula: 'x[1]' },
    };
    const lost = { ...copy, diverged: true, inside: null, outside: null, ratio: null };
    const unsolved = { ...lost, solved: false, solvedWhole: false, sparsity: null, solvedAt: null };
    const results = runs.map((run) => ({ run, result: { copies: [copy, unsolved] } }));
    const { tables, figures, compared } = arithmetic.report(settingsOf(TINY), results);
    const details = tables.find(({ title }) => title === 'Details, static')!;
    expect(details.rows).toHaveLength(runs.length);
    const [success] = tables;
    const cells = success!.rows.flatMap((row) => row.slice(1));
    expect(cells.filter((cell) => cell === '1 of 2 (9–91 %)')).toHaveLength(runs.length);
    expect(figures).toHaveLength(1);
    expect(compared.map(({ published }) => published.what)).toContain('success, a ÷ b');
  });
});
