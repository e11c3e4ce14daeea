import { beforeAll, describe, expect, test } from 'vitest';
import {
  accumulatorWeights,
  distanceFromWhole,
  nacWeights,
  roundWeights,
} from '../../../agent/cells/nac.ts';
import type { AgentConfig } from '../../../agent/config.ts';
import { initialise, layoutOf, views } from '../../../agent/parameters.ts';
import { createPathway, parseConfig } from '../../../agent/pathways/configure.ts';
import * as tf from '../../../agent/tf.ts';
import '../engines/engines-at-work.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const config = (wishes: Partial<AgentConfig> = {}): AgentConfig =>
  parseConfig({ pathway: 'nac-clock', nacWidth: 4, ...wishes });

/** Parameters as they are drawn, then rounded. */
function roundedParameters(k: number, wishes: Partial<AgentConfig>) {
  const pathway = createPathway(config(wishes), k, 5);
  const layout = layoutOf(pathway.parameters);
  const vector = new Float32Array(layout.size);
  initialise(pathway.parameters, 'clock', vector);
  const arrays = views(layout, vector);
  for (const { name } of pathway.accumulators) {
    roundWeights(arrays, name);
  }
  const tensors = Object.fromEntries(
    layout.slots.map(({ name, shape }) => [name, tf.tensor(arrays[name]!, [...shape])]),
  );
  const weights = (name: string): number[] => [
    ...nacWeights(
      tensors[`${name}/w_hat`] as tf.Tensor2D,
      tensors[`${name}/m_hat`] as tf.Tensor2D,
    ).dataSync(),
  ];
  return { pathway, tensors, weights };
}

/** Told `t` at each of `steps` steps. @returns the clock and the features after each */
function run(k: number, steps: number, told: (step: number) => number, wishes = {}) {
  const { pathway, tensors, weights } = roundedParameters(k, wishes);
  let state = tf.zeros([1, pathway.state.length]) as tf.Tensor2D;
  const seen: { clock: number[]; features: number[] }[] = [];
  for (let step = 0; step < steps; step++) {
    const instruction = k > 0 ? (tf.fill([1, k], told(step)) as tf.Tensor2D) : null;
    const next = pathway.apply(tensors, instruction, state, null);
    state = next.state!;
    seen.push({ clock: [...state.dataSync()], features: [...next.features!.dataSync()] });
    expect(next.features!.shape).toEqual([1, pathway.featureSize]);
  }
  return { seen, weights };
}

describe('the clock', () => {
  test('counts every step, up or down, however many there are', () => {
    const { seen, weights } = run(1, 400, () => 7);
    const [direction] = weights('clock');
    expect(Math.abs(direction!)).toBe(1);
    expect(seen.map(({ clock }) => clock[0])).toEqual(seen.map((_, i) => direction! * (i + 1)));
  });

  test('counts exactly where whole numbers are still exact', () => {
    const { pathway, tensors } = roundedParameters(1, {});
    const far = tf.tensor2d([[1_000_000]]);
    const { state } = pathway.apply(tensors, tf.tensor2d([[1_000_007]]), far, null);
    expect(Math.abs(state!.dataSync()[0]! - 1_000_000)).toBe(1);
  });

  test.each([[[1]], [[3]]])('has as many units as it is given: %j', ([units]) => {
    const { seen } = run(1, 5, () => 7, { clockUnits: units });
    for (const value of seen.at(-1)!.clock) expect(Math.abs(value)).toBe(5);
    expect(seen.at(-1)!.clock).toHaveLength(units!);
  });

  test('adds up the instruction too where it reads it: told once, the time left is its value', () => {
    const { seen, weights } = run(1, 6, (step) => (step === 0 ? 9 : 0), {
      clockReads: 'instruction',
    });
    const [fromTime, fromOne] = weights('clock');
    expect([Math.abs(fromTime!), Math.abs(fromOne!)]).toEqual([1, 1]);
    const expected = seen.map((_, i) => fromTime! * 9 + fromOne! * (i + 1));
    expect(seen.map(({ clock }) => clock[0])).toEqual(expected);
  });

  test('learns how much of its last value it keeps where that is not fixed', () => {
    const { seen, weights } = run(1, 4, () => 7, { clockSelf: 'learned' });
    const [one, self] = weights('clock');
    let value = 0;
    for (const { clock } of seen) {
      value = one! + self! * value;
      expect(clock[0]).toBe(value);
    }
  });
});

test('the LSTM gets sums and differences of the instruction and the clock, at two scales within ±1', () => {
  const { seen, weights } = run(1, 12, () => 7);
  const matrix = weights('nac');
  for (const { clock, features } of seen) {
    const held = [0, 1, 2, 3].map((j) => 7 * matrix[j]! + clock[0]! * matrix[4 + j]!);
    const expected = [2, 10].flatMap((scale) => held.map((x) => Math.tanh(x / scale)));
    for (const [i, feature] of features.entries()) expect(feature).toBeCloseTo(expected[i]!, 5);
  }
  // Far from what it was trained on, nothing grows.
  const far = run(1, 3, () => 1e6).seen.at(-1)!.features;
  expect(Math.max(...far.map(Math.abs))).toBe(1);
});

test('without an instruction it is a clock alone', () => {
  const { seen } = run(0, 3, () => 0);
  expect(Math.abs(seen[2]!.clock[0]!)).toBe(3);
});

test('a signed start is as near −1 as 1, and far from zero', () => {
  const { parameters } = createPathway(config({ nacWidth: 400 }), 1, 5);
  const layout = layoutOf(parameters);
  const vector = new Float32Array(layout.size);
  initialise(parameters, 5, vector);
  const weights = accumulatorWeights(views(layout, vector), 'nac');
  expect(Math.min(...weights.map(Math.abs))).toBeGreaterThan(0.55);
  expect(Math.max(...weights.map(Math.abs))).toBeLessThan(0.86);
  const negative = weights.filter((w) => w < 0).length;
  expect(negative).toBeGreaterThan(340);
  expect(negative).toBeLessThan(460);
});

describe('rounding', () => {
  const weights = (wHat: Float32Array, mHat: Float32Array) =>
    nacWeights(tf.tensor2d(wHat, [1, wHat.length]), tf.tensor2d(mHat, [1, mHat.length]));

  test('takes every weight to the nearest of −1, 0 and 1, to the last bit', () => {
    const [wHat, mHat] = [
      Float32Array.of(2, -2, 0.2, 0.9, -0.7, 0),
      Float32Array.of(2, 2, 3, 0.9, -4, 5),
    ];
    expect([...weights(wHat, mHat).dataSync()].map((w) => w.toFixed(2))).toEqual([
      '0.85',
      '-0.85',
      '0.19',
      '0.51',
      '-0.01',
      '0.00',
    ]);
    roundWeights({ 'n/w_hat': wHat, 'n/m_hat': mHat }, 'n');
    expect([...weights(wHat, mHat).dataSync()].map((w) => w + 0)).toEqual([1, -1, 0, 1, 0, 0]);
  });

  test('leaves weights that a gradient no longer moves', () => {
    const [wHat, mHat] = [Float32Array.of(2, -2, 0.2), Float32Array.of(2, 2, 3)];
    roundWeights({ 'n/w_hat': wHat, 'n/m_hat': mHat }, 'n');
    const gradients = tf.grads((w, m) => tf.sum(nacWeights(w as tf.Tensor2D, m as tf.Tensor2D)))([
      tf.tensor2d(wHat, [1, 3]),
      tf.tensor2d(mHat, [1, 3]),
    ]);
    for (const gradient of gradients) {
      for (const g of gradient.dataSync()) expect(Math.abs(g)).toBeLessThan(1e-12);
    }
  });
});

test('the distance from whole weights is the mean of min(|W|, 1 − |W|), and its gradient points away from them', () => {
  const w = tf.tensor2d([[-1, 0.75, 0.25, -0.4]]);
  expect(distanceFromWhole([w]).dataSync()[0]).toBeCloseTo((0 + 0.25 + 0.25 + 0.4) / 4, 6);
  expect(distanceFromWhole([w, tf.zeros([1, 4])]).dataSync()[0]).toBeCloseTo(0.9 / 8, 6);
  const [gradient] = tf.grads((x) => distanceFromWhole([x as tf.Tensor2D]))([w]);
  expect([...gradient!.dataSync()].slice(1)).toEqual([-0.25, 0.25, -0.25]);
});
