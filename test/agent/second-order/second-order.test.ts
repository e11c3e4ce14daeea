import { describe, expect, test } from 'vitest';
import { ProductBranch, SumBranch } from '../../../agent/second-order/branches.ts';
import {
  evaluateFormula,
  type Formula,
  writeFormula,
} from '../../../agent/second-order/formula.ts';
import {
  type LeastSquares,
  LevenbergMarquardt,
} from '../../../agent/second-order/levenberg-marquardt.ts';
import { addGram, CHUNK, solvePositive } from '../../../agent/second-order/normal-equations.ts';
import {
  firstParameters,
  readBranch,
  SumOrProduct,
} from '../../../agent/second-order/sum-or-product.ts';
import { DrawnNumbers } from '../../../src/numeracy/drawn-numbers.ts';

const seed = 20_200_117;
const draw = (name: string, length: number, low: number, high: number) =>
  new DrawnNumbers(`second order/${seed}/${name}`).fill(new Float64Array(length), low, high);

describe('the normal equations', () => {
  test.each([1, 3, 6, 9])('of %i parameters are what a plain loop gives', (P) => {
    const jacobian = draw(`jacobian ${P}`, P * CHUNK, -1, 1);
    const g = draw(`g ${P}`, P, -1, 1);
    const count = CHUNK - 5;
    const hessian = new Float64Array(P * P);
    addGram(jacobian, P, count, hessian);
    const full = (i: number, j: number) => {
      let sum = 0;
      for (let n = 0; n < count; n += 1) sum += jacobian[i * CHUNK + n]! * jacobian[j * CHUNK + n]!;
      return sum;
    };
    for (let i = 0; i < P; i += 1) {
      for (let j = 0; j <= i; j += 1) expect(hessian[i * P + j]).toBeCloseTo(full(i, j), 10);
    }
    const s = solvePositive(hessian, g)!;
    for (let i = 0; i < P; i += 1) {
      const product = s.reduce((sum, value, j) => sum + full(i, j) * value, 0);
      expect(product).toBeCloseTo(g[i]!, 10);
    }
  });

  test('that are not positive definite have no solution', () => {
    expect(solvePositive(Float64Array.of(1, 0, 2, 1), Float64Array.of(1, 1))).toBeNull();
  });
});

describe('Levenberg–Marquardt', () => {
  /** Rosenbrock's valley as two residuals: 10 (y − x²) and 1 − x. */
  const valley: LeastSquares = {
    samples: 2,
    residuals: ([x, y], out) => {
      out.set([10 * (x! ** 2 - y!), 1 - x!]);
      return out.every(Number.isFinite);
    },
    jacobian: ([x], _from, _count, out) => {
      out.set([-20 * x!, 1], 0);
      out.set([10, 0], CHUNK);
    },
  };

  test('finds the bottom of a bent valley, and never climbs', () => {
    const fit = new LevenbergMarquardt(valley, { parameters: Float64Array.of(-1.2, 1) });
    let before = fit.error;
    for (let i = 0; i < 60 && fit.step(); i += 1) {
      expect(fit.error).toBeLessThan(before);
      before = fit.error;
    }
    expect(fit.parameters[0]).toBeCloseTo(1, 8);
    expect(fit.parameters[1]).toBeCloseTo(1, 8);
    expect(fit.step() && fit.error > 1e-20).toBe(false);
  });

  test('resumes with the same bits', () => {
    const whole = new LevenbergMarquardt(valley, { parameters: Float64Array.of(-1.2, 1) });
    for (let i = 0; i < 4; i += 1) whole.step();
    const resumed = new LevenbergMarquardt(valley, structuredClone(whole.state));
    for (let i = 0; i < 4; i += 1) {
      whole.step();
      resumed.step();
    }
    expect(resumed.state).toEqual(whole.state);
  });

  test('takes no step from where the model has no finite answer', () => {
    const fit = new LevenbergMarquardt(valley, { parameters: Float64Array.of(Number.NaN, 1) });
    expect(fit.step()).toBe(false);
  });
});

describe('the branches', () => {
  const N = CHUNK + 7;
  const I = 3;
  const x = draw('x', I * N, -2, 2);
  const y = draw('y', N, -2, 2);
  test.each([
    ['sum', new SumBranch({ x, y }), draw('w', I, -1, 1)],
    [
      'product',
      new ProductBranch({ x, y }),
      Float64Array.of(...draw('rows', 2 * I, 0.1, 0.9), 1.2, -0.7),
    ],
  ])('%s: the derivatives are finite differences', (_, branch, parameters) => {
    const P = parameters.length;
    const at = (p: Float64Array) => {
      const out = new Float64Array(N);
      expect(branch.residuals(p, out)).toBe(true);
      return out;
    };
    for (const [from, count] of [
      [0, CHUNK],
      [CHUNK, N - CHUNK],
    ] as const) {
      at(parameters);
      const jacobian = new Float64Array(P * CHUNK);
      branch.jacobian(parameters, from, count, jacobian);
      for (let i = 0; i < P; i += 1) {
        const step = 1e-6;
        const moved = (sign: number) =>
          at(parameters.map((v, k) => (k === i ? v + sign * step : v)));
        const [more, less] = [moved(1), moved(-1)];
        for (let n = 0; n < count; n += 1) {
          const slope = -(more[from + n]! - less[from + n]!) / (2 * step);
          const scale = Math.max(1, Math.abs(slope));
          expect(Math.abs(jacobian[i * CHUNK + n]! - slope) / scale).toBeLessThan(1e-3);
        }
      }
    }
  });
});

describe('the cell that is a sum or a product', () => {
  const I = 12;
  const a = Float64Array.from({ length: I }, (_, i) => (i >= 2 && i < 7 ? 1 : 0));
  const b = Float64Array.from({ length: I }, (_, i) => (i >= 5 && i < 10 ? 1 : 0));
  const both = (sign: number) => a.map((value, i) => value + sign * b[i]!);
  const OPERATIONS: Readonly<Record<string, Formula>> = {
    'Σ x[2..9] + Σ x[5..6]': [{ weights: both(1), exponent: 1 }],
    'Σ x[2..4] − Σ x[7..9]': [{ weights: both(-1), exponent: 1 }],
    'Σ x[2..6] × Σ x[5..9]': [
      { weights: a, exponent: 1 },
      { weights: b, exponent: 1 },
    ],
    'Σ x[2..6] ÷ Σ x[5..9]': [
      { weights: a, exponent: 1 },
      { weights: b, exponent: -1 },
    ],
    '(Σ x[2..6])²': [{ weights: a, exponent: 2 }],
    '√(Σ x[2..6])': [{ weights: a, exponent: 0.5 }],
  };
  const samples = (formula: Formula, name: string, N: number) => {
    const x = draw(name, I * N, 1, 2);
    return { x, y: evaluateFormula(formula, x, N) };
  };
  const learn = (formula: Formula, steps: number) => {
    const cell = new SumOrProduct(samples(formula, 'train', 300), samples(formula, 'kept', 100), {
      seed: 3,
    });
    for (let i = 0; i < steps && cell.step(); i += 1);
    return cell;
  };

  test.each(Object.entries(OPERATIONS))('finds %s', (text, formula) => {
    const cell = learn(formula, 150);
    expect(cell.isExact).toBe(true);
    const parts = (written: string) => written.split(/ [×] /).sort();
    expect(parts(writeFormula(cell.best.formula))).toEqual(parts(text));
  });

  test('starts from the same parameters whatever it is to learn', () => {
    const starts = Object.values(OPERATIONS).map((formula) =>
      learn(formula, 0).states.map(({ parameters }) => [...parameters]),
    );
    for (const start of starts) expect(start).toEqual(starts[0]);
    expect(firstParameters(3, I).map((values) => [...values])).toEqual(starts[0]);
    expect(firstParameters(4, I)).not.toEqual(firstParameters(3, I));
  });

  test('is not exact where no whole weights are', () => {
    const odd: Formula = [{ weights: a.map((value) => 0.7 * value), exponent: 1 }];
    expect(learn(odd, 20).isExact).toBe(false);
  });

  test('reads equal rows as one power, and rows of any size as whole weights', () => {
    const rows = [...a].map((value) => 0.31 * value + 1e-4);
    const parameters = Float64Array.of(...rows, ...rows, 0.28, 0.21);
    const { formula, distance } = readBranch(1, parameters, I);
    expect(formula).toEqual([{ weights: a, exponent: 0.5 }]);
    expect(distance).toBeGreaterThan(1e-4);
    expect(distance).toBeLessThan(1e-3);
  });
});

describe('a written formula', () => {
  test.each([
    ['0', [{ weights: Float64Array.of(0, 0), exponent: 1 }]],
    ['1 ÷ x[1]', [{ weights: Float64Array.of(0, 1), exponent: -1 }]],
    ['(x[0] − x[1])²', [{ weights: Float64Array.of(1, -1), exponent: 2 }]],
    [
      '(−x[0]) × √x[1]',
      [
        { weights: Float64Array.of(-1, 0), exponent: 1 },
        { weights: Float64Array.of(0, 1), exponent: 0.5 },
      ],
    ],
    ['0.93·x[0] − 2·x[1]', [{ weights: Float64Array.of(0.93, -2), exponent: 1 }]],
    ['1', []],
  ] as const)('%s', (text, formula) => {
    expect(writeFormula(formula)).toBe(text);
  });
});
