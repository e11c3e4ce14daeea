import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clippingScale, firstSlots, Optimizer, optimizerVectors } from '../../agent/optimizer.ts';
import { cut, OptimizerSlice } from '../../agent/optimizer-slice.ts';
import { optimizers } from '../../agent/optimizers.ts';
import * as tf from '../../agent/tf.ts';
import { tracedAdam } from '../../agent/traced-adam.ts';
import { numbers } from './engines/engines-at-work.ts';
import { configOf } from './tiny.ts';

const RULES = ['adam', 'rmsprop'] as const;

/** Two steps over two parameters by the gradients (1, −2) and (3, 0). */
function steps(optimizer: (typeof RULES)[number], settings: object) {
  const config = configOf({ optimizer, ...settings });
  const parameters = Float32Array.of(1, 1);
  const means = firstSlots(config, () => new Float32Array(2));
  return [
    [1, -2],
    [3, 0],
  ].map((gradient, i) => {
    const step = { count: i + 1, learningRate: 0.1, gradientScale: 1 };
    optimizers[optimizer].step(config, parameters, Float32Array.from(gradient), means, step);
    return structuredClone({ parameters, ...means });
  });
}

function expectAbout(
  actual: Record<string, Float32Array>,
  expected: Record<string, number[]>,
): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    for (const [i, value] of values.entries()) expect(actual[name]![i]).toBeCloseTo(value, 6);
  }
}

describe('one step after the other, by hand', () => {
  test('of Adam, β₁ = ½, β₂ = ¾, ε = ½', () => {
    const [first, second] = steps('adam', { adamBeta1: 0.5, adamBeta2: 0.75, epsilon: 0.5 });
    // m̂ = g and v̂ = g² at the first step: 1 − 0.1 · 1/(1 + ½), 1 + 0.1 · 2/(2 + ½)
    const after = [1 - 0.1 / 1.5, 1 + 0.2 / 2.5];
    expectAbout(first!, { parameters: after, mean: [0.5, -1], square: [0.25, 1] });
    // m = ½·½ + ½·3, ½·−1; v = ¾·¼ + ¼·9, ¾·1; bias corrections 1 − ½² = ¾ and 1 − ¾² = 7/16
    const mean = [1.75, -0.5];
    const square = [2.4375, 0.75];
    const parameters = after.map(
      (p, i) => p - (0.1 * mean[i]!) / 0.75 / (Math.sqrt(square[i]! / 0.4375) + 0.5),
    );
    expectAbout(second!, { parameters, mean, square });
  });

  test('of RMSProp, decay ¾, ε = ½', () => {
    const [first, second] = steps('rmsprop', { rmspropDecay: 0.75, epsilon: 0.5 });
    // v = ¼ g²: 1 − 0.1 · 1/(½ + ½), 1 + 0.1 · 2/(1 + ½)
    const after = [0.9, 1 + 0.2 / 1.5];
    expectAbout(first!, { parameters: after, square: [0.25, 1] });
    const square = [0.75 * 0.25 + 0.25 * 9, 0.75];
    expectAbout(second!, {
      parameters: [after[0]! - 0.3 / (Math.sqrt(square[0]!) + 0.5), after[1]!],
      square,
    });
  });
});

test.each([
  ['longer than the limit', 5, 1, 0.2],
  ['as long as the limit', 5, 5, 1],
  ['shorter', 5, 10, 1],
  ['of nothing', 0, 0.5, 1],
])('a gradient %s is clipped by its norm', (_, norm, limit, scale) => {
  expect(clippingScale(norm, limit)).toBe(scale);
});

test('Adam in a compiled graph makes the same steps', async () => {
  await tf.setBackend('cpu');
  const { floats } = numbers('traced Adam');
  const P = 50;
  const config = configOf({ optimizer: 'adam', epsilon: 1e-3 });
  const parameters = floats(P);
  const means = firstSlots(config, () => new Float32Array(P));
  let traced = {
    parameters: tf.tensor1d(parameters.slice()),
    mean: tf.zeros([P]) as tf.Tensor1D,
    square: tf.zeros([P]) as tf.Tensor1D,
  };
  for (let count = 1; count <= 5; count++) {
    const gradient = floats(P);
    const step = { count, learningRate: 0.1, gradientScale: 1 };
    optimizers.adam.step(config, parameters, gradient, means, step);
    const given = [tf.tensor1d(gradient), traced, tf.scalar(0.1), tf.scalar(count)] as const;
    traced = tracedAdam(config, traced.parameters, ...given);
  }
  for (const [name, plain] of Object.entries({ parameters, ...means })) {
    const other = traced[name as keyof typeof traced].dataSync();
    for (const [i, value] of plain.entries()) expect(other[i]).toBeCloseTo(value, 5);
  }
});

describe('the slices of a vector', () => {
  test.each([
    [100, 1, [[0, 100]]],
    [
      100,
      2,
      [
        [0, 48],
        [48, 100],
      ],
    ],
    [
      100,
      3,
      [
        [0, 32],
        [32, 64],
        [64, 100],
      ],
    ],
    [
      20,
      3,
      [
        [0, 0],
        [0, 16],
        [16, 20],
      ],
    ],
  ])('%i elements in %i', (length, count, expected) => {
    expect(cut(length, count).map(({ start, end }) => [start, end])).toEqual(expected);
  });
});

/** An optimiser, what it works on, and gradients for it: `draw` draws those of the next step. */
function atWork(
  config: ReturnType<typeof configOf>,
  { P, shards, seed, slices = 1 }: { P: number; shards: number; seed: number; slices?: number },
) {
  const { floats } = numbers(seed);
  const parameters = floats(P);
  const gradients = Array.from({ length: shards }, () => new Float32Array(P));
  const draw = (): void => {
    for (const gradient of gradients) gradient.set(floats(P));
  };
  const slots = firstSlots(config, () => new Float32Array(P));
  const vectors = { parameters, gradients, slots };
  const parts = cut(P, slices).map((slice) => new OptimizerSlice(config, vectors, slice));
  // The last slice first: threads may end in any order.
  const inAnyOrder = <T>(work: (part: OptimizerSlice) => T): T[] =>
    parts.toReversed().map(work).reverse();
  const optimizer = new Optimizer(config, slots, {
    sumGradients: async () => inAnyOrder((part) => part.sumGradients()),
    step: async (step) => inAnyOrder((part) => part.step(step)),
  });
  return { optimizer, draw, ...vectors };
}

const anyWork = fc.record({
  optimizer: fc.constantFrom(...RULES),
  // From so low that it clips everything to so high that it clips nothing.
  maxGradientNorm: fc.constantFrom(0.01, 2, 1e6),
  P: fc.integer({ min: 1, max: 150 }),
  shards: fc.integer({ min: 1, max: 4 }),
  slices: fc.integer({ min: 1, max: 6 }),
  seed: fc.nat(),
});

describe('the optimiser', () => {
  test('computes what float64 computes', async () => {
    await fc.assert(
      fc.asyncProperty(anyWork, async ({ optimizer: rule, maxGradientNorm, ...work }) => {
        const config = configOf({ optimizer: rule, maxGradientNorm });
        const { optimizer, draw, parameters, gradients, slots } = atWork(config, work);
        const expected = [...parameters];
        const mean = expected.map(() => 0);
        const square = expected.map(() => 0);
        for (let t = 1; t <= 4; t++) {
          draw();
          const sums = expected.map((_, i) => gradients.reduce((sum, g) => sum + g[i]!, 0));
          const norm = Math.hypot(...sums);
          const [b1, b2] =
            rule === 'adam' ? [config.adamBeta1, config.adamBeta2] : [0, config.rmspropDecay];
          const [c1, c2] = rule === 'adam' ? [1 - b1 ** t, 1 - b2 ** t] : [1, 1];
          for (const [i, sum] of sums.entries()) {
            const g = sum * Math.min(1, maxGradientNorm / norm);
            mean[i] = b1 * mean[i]! + (1 - b1) * g;
            square[i] = b2 * square[i]! + (1 - b2) * g ** 2;
            expected[i]! -= (0.1 * (mean[i]! / c1)) / (Math.sqrt(square[i]! / c2) + config.epsilon);
          }
          expect(await optimizer.step(0.1)).toBeCloseTo(norm, 5);
          expect(optimizer.count).toBe(t);
        }
        const means: Record<string, number[]> = rule === 'adam' ? { mean, square } : { square };
        const all: Record<string, number[]> = { parameters: expected, ...means };
        for (const [name, actual] of Object.entries({ parameters, ...slots })) {
          const largest = Math.max(...all[name]!.map(Math.abs));
          for (const [i, value] of all[name]!.entries()) {
            expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(1e-5 * largest);
          }
        }
      }),
      { seed: 20181, numRuns: 100 },
    );
  });

  test('gives the same bits in slices as in one piece, where the gradient is not clipped', async () => {
    await fc.assert(
      fc.asyncProperty(anyWork, async ({ optimizer: rule, maxGradientNorm: _, ...work }) => {
        const config = configOf({ optimizer: rule, maxGradientNorm: 1e6 });
        const whole = atWork(config, { ...work, slices: 1 });
        const parts = atWork(config, work);
        for (let t = 0; t < 3; t++) {
          whole.draw();
          parts.draw();
          const norm = await whole.optimizer.step(0.1);
          expect(Math.abs((await parts.optimizer.step(0.1)) / norm - 1)).toBeLessThan(1e-14);
        }
        expect(parts.parameters).toEqual(whole.parameters);
        expect(parts.slots).toEqual(whole.slots);
      }),
      { seed: 20181, numRuns: 50 },
    );
  });

  test('clips by the norm of all slices together', async () => {
    const config = configOf({ optimizer: 'rmsprop', rmspropDecay: 0.75, maxGradientNorm: 1 });
    const { optimizer, parameters, gradients, slots } = atWork(config, {
      ...{ P: 40, shards: 2, slices: 2, seed: 1 },
    });
    expect(Object.keys(slots)).toEqual(['square']);
    parameters.fill(2);
    gradients[0]![0] = 1;
    gradients[1]![0] = 2;
    gradients[1]![39] = -4;
    // The sum (3, …, −4) has norm 5 and is clipped to (0.6, …, −0.8).
    expect(await optimizer.step(0.1)).toBe(5);
    expect(slots.square![0]).toBeCloseTo(0.09, 6);
    expect(slots.square![39]).toBeCloseTo(0.16, 6);
    expect(parameters[0]).toBeCloseTo(2 - 0.06 / (0.3 + 1e-5), 5);
    expect(parameters[39]).toBeCloseTo(2 + 0.08 / (0.4 + 1e-5), 5);
    expect(parameters[1]).toBe(2);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'makes no step by a gradient of %d, in any slice',
    async (bad) => {
      const config = configOf({});
      const { optimizer, parameters, gradients, slots } = atWork(config, {
        ...{ P: 40, shards: 1, slices: 3, seed: 1 },
      });
      gradients[0]!.fill(0.1);
      await optimizer.step(0.1);
      const before = structuredClone({ parameters, slots });
      gradients[0]![33] = bad;
      expect(await optimizer.step(0.1)).toSatisfy((n: number) => !Number.isFinite(n));
      expect({ parameters, slots }).toEqual(before);
      expect(optimizer.count).toBe(1);
      gradients[0]![33] = 0.1;
      expect(await optimizer.step(0.1)).toSatisfy(Number.isFinite);
      expect(parameters).not.toEqual(before.parameters);
    },
  );

  test('works in one thread too', async () => {
    const config = configOf({});
    const parts = atWork(config, { P: 40, shards: 2, slices: 2, seed: 1 });
    parts.draw();
    const vectors = optimizerVectors(config, 40, 2);
    const { parameters } = vectors;
    parameters.set(parts.parameters);
    for (const [i, gradient] of parts.gradients.entries()) vectors.gradients[i]!.set(gradient);
    const optimizer = Optimizer.inThisThread(config, vectors);
    expect(await optimizer.step(0.1)).toBeCloseTo(await parts.optimizer.step(0.1), 6);
    for (const [i, value] of parts.parameters.entries()) {
      expect(parameters[i]).toBeCloseTo(value, 6);
    }
    expect(Object.keys(optimizer.slots)).toEqual(['mean', 'square']);
  });
});
