import { beforeAll, describe, expect, test } from 'vitest';
import { roundWeights } from '../../../agent/cells/nac.ts';
import { nmu } from '../../../agent/cells/nmu.ts';
import { initialise, layoutOf, views } from '../../../agent/parameters.ts';
import { createPathway, parseConfig } from '../../../agent/pathways/configure.ts';
import * as tf from '../../../agent/tf.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const ACTIONS = 3;

/** What was done and seen at one step: the last action (none at the start), what each event makes of each action next, and of the picture now. */
interface Moment {
  readonly lastAction: number | null;
  /** [events · actions] */
  readonly next: readonly number[];
  /** [events] */
  readonly now: readonly number[];
}

/** The pathway as it starts, its weights rounded as they are after training. */
function rounded(numbers: readonly string[], events: number) {
  const pathway = createPathway(parseConfig({ pathway: 'nac-counter', events }), numbers, ACTIONS);
  const layout = layoutOf(pathway.parameters);
  const vector = new Float32Array(layout.size);
  initialise(pathway.parameters, 'counter', vector);
  const parameters = views(layout, vector);
  for (const name of ['counter', 'nac']) roundWeights(parameters, name);
  const size = numbers.length > 1 ? numbers.length : 0;
  if (size > 0) parameters['product/w']!.fill(1);
  const tensors = Object.fromEntries(
    layout.slots.map(({ name, shape }) => [name, tf.tensor(parameters[name]!, [...shape])]),
  );
  const none = tf.zeros([1, pathway.state.length]) as tf.Tensor2D;
  const step = (told: readonly number[], { lastAction, next, now }: Moment, state = none) => {
    const action = Array.from({ length: ACTIONS }, (_, a) => Number(a === lastAction));
    const seen = {
      sight: tf.tensor2d([[...next, ...now]]),
      lastAction: tf.tensor2d([action]),
    };
    const instruction = told.length > 0 ? tf.tensor2d([[...told]]) : null;
    return pathway.apply(tensors, instruction, state, seen);
  };
  /** @returns counts after each moment, and the features after the last */
  const live = (told: readonly number[], moments: readonly Moment[]) => {
    let state = none;
    let features: number[] = [];
    const counts = moments.map((moment) => {
      const out = step(told, moment, state);
      state = out.state!;
      features = [...out.features!.dataSync()];
      return [...state.dataSync()].slice(0, events + 1);
    });
    return { counts, features };
  };
  return { pathway, step, live };
}

const quiet: Moment = { lastAction: null, next: [-1, -1, -1], now: [-1] };

describe('an event happens', () => {
  const { live } = rounded(['t'], 1);
  const events = (...moments: readonly Moment[]) => live([5], moments).counts.map(([, n]) => n);

  test('where the last picture promised it for the action that was taken', () => {
    const promising = { ...quiet, next: [-1, 3, -1] };
    expect(events(promising, { ...quiet, lastAction: 1 })).toEqual([0, 1]);
    expect(events(promising, { ...quiet, lastAction: 2 })).toEqual([0, 0]);
  });

  test('where the picture shows it now', () => {
    expect(events(quiet, { ...quiet, lastAction: 0, now: [2] }, quiet)).toEqual([0, 1, 1]);
  });

  test('where both together are above zero', () => {
    const hinting = { ...quiet, next: [2, 2, 2] };
    expect(events(hinting, { ...quiet, lastAction: 0, now: [-1] })).toEqual([0, 1]);
    expect(events(hinting, { ...quiet, lastAction: 0, now: [-3] })).toEqual([0, 0]);
  });

  test('not at the start by an action of the episode before', () => {
    expect(events({ ...quiet, next: [9, 9, 9] })).toEqual([0]);
  });
});

test('it counts every step, and every event, exactly', () => {
  const { live } = rounded(['t'], 2);
  const moments = Array.from(
    { length: 300 },
    (_, i): Moment => ({
      lastAction: i % 3,
      next: [0, 0, 0, 0, 0, 0],
      now: [i % 2 ? 1 : -1, i % 5 ? -1 : 1],
    }),
  );
  expect(live([5], moments).counts.at(-1)).toEqual([300, 150, 60]);
});

test('it compares each counter with each number told and with their product, within bounds', () => {
  const { pathway, live } = rounded(['p', 'b'], 1);
  const told = [3, 4];
  const moments = Array.from({ length: 7 }, (): Moment => ({ ...quiet, now: [1] }));
  const { features } = live(told, [...moments, quiet]);
  const differences = [8, 7].flatMap((count) => [...told, 12].map((number) => count - number));
  expect(pathway.featureSize).toBe(12);
  for (const [i, x] of differences.entries()) {
    expect(features[i]).toBeCloseTo(Math.tanh(x / 2), 5);
    expect(features[i + 6]).toBeCloseTo(Math.max(-1, Math.min(1, x / 10)), 5);
  }
});

test('without a number it still counts', () => {
  const { pathway, live } = rounded([], 1);
  expect(pathway.accumulators.map(({ name }) => name)).toEqual(['counter', 'nac']);
  expect(live([], [quiet, { ...quiet, now: [1] }]).counts.at(-1)).toEqual([2, 1]);
});

test('its events are learned: what came of them reaches what was seen, however far it is from the threshold', () => {
  const { pathway } = rounded(['t'], 1);
  const layout = layoutOf(pathway.parameters);
  const vector = new Float32Array(layout.size);
  initialise(pathway.parameters, 'counter', vector);
  const named = views(layout, vector);
  const tensors = Object.fromEntries(
    layout.slots.map(({ name, shape }) => [name, tf.tensor(named[name]!, [...shape])]),
  );
  const lastAction = tf.tensor2d([[1, 0, 0]]);
  const step = (sight: tf.Tensor): tf.Scalar => {
    const state = tf.tensor2d([[4, 4, -0.5, -0.5, -0.5]]);
    const seen = { sight: sight as tf.Tensor2D, lastAction };
    return tf.sum(pathway.apply(tensors, tf.tensor2d([[5]]), state, seen).features!) as tf.Scalar;
  };
  for (const now of [-2, 0.3, 2]) {
    const [gradient] = tf.grads(step)([tf.tensor2d([[0, 0, 0, now]])]);
    expect(gradient!.dataSync()[3]).toBeGreaterThan(0.001);
  }
});

test('its events are what it tells rewards by', () => {
  const { pathway, step } = rounded(['t'], 2);
  expect(pathway.rewardPrediction).toBe(1);
  const quietTwice = { lastAction: null, next: [0, 0, 0, 0, 0, 0], now: [0.7, -3] };
  const [first, second] = step([5], quietTwice).rewarded!.dataSync();
  expect(first).toBeCloseTo(0.7);
  expect(second).toBeCloseTo(-3);
});

test('the product is that of all numbers told', () => {
  expect(rounded(['p', 'b'], 1).pathway.accumulators[0]).toMatchObject({
    name: 'product',
    cell: nmu,
    inputs: ['p', 'b'],
  });
  expect(rounded(['t'], 1).pathway.accumulators).toHaveLength(2);
});
