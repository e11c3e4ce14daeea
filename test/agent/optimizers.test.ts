import { beforeAll, describe, expect, test } from 'vitest';
import { Optimizer } from '../../agent/optimizer.ts';
import { clipByGlobalNorm, optimizers } from '../../agent/optimizers.ts';
import { programsFor } from '../../agent/programs.ts';
import * as tf from '../../agent/tf.ts';
import './engines/engines-at-work.ts';
import { tinyRecipe } from './tiny.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Two steps over two parameters by the gradients (1, −2) and (3, 0). */
function steps(optimizer: 'adam' | 'rmsprop', settings: object) {
  const { config } = tinyRecipe({ optimizer, ...settings });
  const { slots, step } = optimizers[optimizer];
  return tf.tidy(() => {
    let parameters = tf.tensor1d([1, 1]);
    let means = Object.fromEntries(slots.map((slot) => [slot, tf.zeros([2]) as tf.Tensor1D]));
    return [
      [1, -2],
      [3, 0],
    ].map((gradient, i) => {
      const rate = tf.scalar(0.1);
      const next = step(config, parameters, tf.tensor1d(gradient), means, rate, tf.scalar(i + 1));
      parameters = next.parameters;
      means = next.slots;
      const entries = Object.entries(means).map(([k, v]) => [k, [...v.dataSync()]]);
      return { parameters: [...parameters.dataSync()], ...Object.fromEntries(entries) };
    });
  });
}

function expectAbout(actual: Record<string, number[]>, expected: Record<string, number[]>): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    for (const [i, value] of values.entries()) expect(actual[name]![i]).toBeCloseTo(value, 5);
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
  ['longer than the limit', [3, -4], 1, [0.6, -0.8], 5],
  ['as long as the limit', [3, -4], 5, [3, -4], 5],
  ['shorter', [3, -4], 10, [3, -4], 5],
  ['of nothing', [0, 0], 0.5, [0, 0], 0],
])('a gradient %s is clipped by its norm', (_, gradient, limit, clipped, norm) => {
  const result = tf.tidy(() => {
    const { gradient: g, norm: n } = clipByGlobalNorm(tf.tensor1d(gradient), limit);
    return { gradient: [...g.dataSync()], norm: n.dataSync()[0] };
  });
  expect(result.norm).toBeCloseTo(norm, 6);
  for (const [i, g] of result.gradient.entries()) expect(g).toBeCloseTo(clipped[i]!, 6);
});

describe('the optimiser', () => {
  test.each(['onnx', 'cpu'] as const)(
    'steps by the sum of the shards’ gradients, in place (%s)',
    async (engine) => {
      const recipe = tinyRecipe({ optimizer: 'rmsprop', rmspropDecay: 0.75, maxGradientNorm: 1 });
      const { size } = programsFor(recipe).network.layout;
      const parameters = new Float32Array(size).fill(2);
      const shards = [new Float32Array(size), new Float32Array(new SharedArrayBuffer(4 * size))];
      const optimizer = await Optimizer.create(recipe, engine, parameters, shards);
      expect(Object.keys(optimizer.slots)).toEqual(['square']);
      shards[0]![0] = 1;
      shards[1]![0] = 2;
      shards[1]![1] = -4;
      // The sum (3, −4) has norm 5 and is clipped to (0.6, −0.8).
      expect(await optimizer.step(0.1)).toBeCloseTo(5, 5);
      expect(optimizer.count).toBe(1);
      expect(optimizer.slots.square![0]).toBeCloseTo(0.09, 6);
      expect(optimizer.slots.square![1]).toBeCloseTo(0.16, 6);
      expect(parameters[0]).toBeCloseTo(2 - 0.06 / (0.3 + 1e-5), 4);
      expect(parameters[1]).toBeCloseTo(2 + 0.08 / (0.4 + 1e-5), 4);
      expect(parameters[2]).toBe(2);
    },
  );

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'makes no step by a gradient of %d',
    async (bad) => {
      const recipe = tinyRecipe();
      const { size } = programsFor(recipe).network.layout;
      const parameters = new Float32Array(size).fill(2);
      const gradient = new Float32Array(size).fill(0.1);
      const optimizer = await Optimizer.create(recipe, 'onnx', parameters, [gradient]);
      await optimizer.step(0.1);
      const before = structuredClone({ parameters, slots: optimizer.slots });
      gradient[3] = bad;
      expect(await optimizer.step(0.1)).toSatisfy((n: number) => !Number.isFinite(n));
      expect({ parameters, slots: optimizer.slots }).toEqual(before);
      expect(optimizer.count).toBe(1);
      gradient[3] = 0.1;
      expect(await optimizer.step(0.1)).toSatisfy(Number.isFinite);
      expect(parameters).not.toEqual(before.parameters);
    },
  );
});
