import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { Actor, type ActorObservation } from '../../agent/actor.ts';
import { PlainEncoder } from '../../agent/encoder/plain-encoder.ts';
import { addRows, gatherRows } from '../../agent/encoder/rows.ts';
import type { EngineName, Feeds, Results } from '../../agent/engines/engine.ts';
import { rememberActions } from '../../agent/last-action.ts';
import { Learner } from '../../agent/learner.ts';
import { gradientName } from '../../agent/names.ts';
import { views } from '../../agent/parameters.ts';
import { programsFor } from '../../agent/programs.ts';
import { Rollout } from '../../agent/rollout.ts';
import { sampleActions } from '../../agent/sampling.ts';
import { expectClose, load, numbers } from './engines/engines-at-work.ts';
import { anyTiny, PATHWAYS, randomFeeds, tinyRecipe } from './tiny.ts';
import { wholeGradients } from './whole-gradients.ts';

const [T, B] = [7, 3];
const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** Acts T steps in worlds that show random frames and end at random, as training does, and lets the learner go over them. */
async function actAndLearn(pathway: string, k: number, engine: EngineName = 'onnx') {
  const recipe = tinyRecipe({ pathway, steps: T }, { instruction: k });
  const { world } = recipe;
  const { network, encode, encodeBackward, act, gradients } = programsFor(recipe);
  const { uniform, floats, bytes } = numbers(`${pathway} ${k}`);
  const { vector } = randomFeeds(recipe, B, 1, 5);
  const parameters = views(network.layout, vector);
  const frameSize = world.height * world.width * world.channels;
  const pictures = bytes(6 * frameSize);
  const observe = (): ActorObservation => {
    const pixels = new Uint8Array(B * frameSize);
    for (let b = 0; b < B; b++) {
      const picture = Math.floor(uniform() * 6) * frameSize;
      pixels.set(pictures.subarray(picture, picture + frameSize), b * frameSize);
    }
    return { pixels, instruction: floats(B * k, 0, 9) };
  };

  const gradient = new Float32Array(network.layout.size);
  const named = views(network.layout, gradient);
  const layerSizes = Object.fromEntries(
    network.encoder.layers.map(({ name, shape }) => [name, product(shape)]),
  );
  const { driveSize } = network;
  const encoder = new PlainEncoder(
    { frameSize, driveSize, capacity: 2 * (T + 1) * B, parameters },
    await load(engine, encode()),
    {
      learning: { backward: await load(engine, encodeBackward()), layerSizes, gradients: named },
    },
  );
  const actor = new Actor({ B, driveSize, parameters }, encoder, await load(engine, act(B)));
  const drives = new Float32Array(T * B * driveSize);
  const rollout = new Rollout({ T, B, k, stateSize: network.stateSize });
  // Not the first rollout: an episode is under way in some worlds.
  const state = floats(B * network.stateSize);
  const start = Float32Array.of(1, 0, 0);
  const probabilities: number[] = [];
  const index = new Int32Array(B);
  const action = new Int32Array(B);
  rollout.begin(state);
  while (!rollout.full) {
    const observation = observe();
    const slot = rollout.steps * B * driveSize;
    const drive = drives.subarray(slot, slot + B * driveSize);
    const step = await actor.act(observation, start, state, index, drive);
    probabilities.push(...step.probabilities);
    sampleActions(step.probabilities, uniform, action);
    rememberActions(step.nextState, action, network.actionSlots);
    // World 0 ends at every third step, so that there are ends for certain.
    const ends = Uint8Array.from({ length: B }, (_, b) =>
      Number(b === 0 ? probabilities.length % 3 === 0 : uniform() < 0.3),
    );
    const [terminated, truncated] = [ends.map((e, b) => e & b & 1), ends.map((e, b) => e & ~b & 1)];
    const finalValue = (await actor.act(observe(), new Float32Array(B), step.nextState)).value;
    rollout.append({ index, instruction: observation.instruction, start }, step, action, {
      reward: floats(B),
      terminated,
      truncated,
    });
    for (const [b, value] of finalValue.entries()) {
      if (truncated[b] && !terminated[b]) rollout.bootstrap((rollout.steps - 1) * B + b, value);
    }
    state.set(step.nextState);
    start.set(ends);
  }
  const last = await actor.act(observe(), start, state);
  rollout.finish(last.value, 0.9, 0.9);

  const program = await load(engine, gradients(B, B));
  const learner = new Learner(program, encoder, parameters, named, drives);
  return {
    acting: { probabilities: Float32Array.from(probabilities), value: rollout.value },
    rollout,
    learn: async () => ({
      ...(await learner.learn(rollout, { entropyBonus: 0.01 })),
      gradient: { gradient: gradient.slice() },
    }),
  };
}

const cases = PATHWAYS.flatMap((pathway) => [0, 2].map((k) => [pathway, k] as const));

describe('the learner computes over a rollout what the actor computed step by step:', () => {
  test.each(cases)('%s, instruction of %i', async (pathway, k) => {
    const { acting, rollout, learn } = await actAndLearn(pathway, k);
    expect(rollout.start.subarray(B).includes(1), 'an episode starts within').toBe(true);
    const { unrolled } = await learn();
    expectClose(unrolled, acting, { floor: 0.1 });
  });

  test('on the engine cpu', async () => {
    const { acting, learn } = await actAndLearn('nac', 1, 'cpu');
    const { unrolled, gradient } = await learn();
    expectClose(unrolled, acting, { floor: 0.1 });
    const reference = await (await actAndLearn('nac', 1)).learn();
    expectClose(gradient, reference.gradient);
    expect(Math.max(...gradient.gradient)).toBeGreaterThan(1e-3);
  });

  test('not so where it misses that episodes ended', async () => {
    const { acting, rollout, learn } = await actAndLearn('nac', 1);
    rollout.start.fill(0, B);
    const { unrolled } = await learn();
    expect(() => expectClose(unrolled, acting, { tolerance: 1e-3 })).toThrow('largest difference');
  });
});

test.each(['onnx', 'cpu'] as const)(
  'the gradients of core and encoder are those of the whole network, from pixels through every step (%s)',
  async (engine) => {
    await fc.assert(
      fc.asyncProperty(anyTiny, async ({ recipe, B, N, seed }) => {
        const { network, encode, encodeBackward, act, gradients } = programsFor(recipe);
        const T = recipe.config.steps;
        const feeds = randomFeeds(recipe, B, N, seed);
        const { integers } = numbers(seed);
        const index = integers(T * B, N);
        const encoded = await (await load(engine, encode())).run(feeds.encode);
        const drive = new Float32Array(T * B * network.driveSize);
        gatherRows(encoded.drive!, index, network.driveSize, drive);
        // The states that acting goes through, as training records them: what is dropped is dropped before the step.
        const { states, start, dropped, instruction } = feeds.gradients;
        const actor = await load(engine, act(B));
        const S = network.stateSize;
        const lstm = 2 * recipe.config.lstm;
        const part = (array: Feeds[string], t: number) => {
          const size = array.length / T;
          return array.slice(t * size, (t + 1) * size);
        };
        const first = part(states!, 0) as Float32Array;
        for (let t = 0; t < T; t++) {
          const state = part(states!, t) as Float32Array;
          for (let b = 0; b < B; b++) {
            const drops = recipe.config.memoryDropout > 0 && part(dropped!, t)[b] === 1;
            if (drops) state.fill(0, b * S, b * S + lstm);
          }
          const { nextState } = await actor.run({
            ...feeds.act,
            ...{
              drive: part(drive, t),
              instruction: part(instruction!, t),
              start: part(start!, t),
              state,
            },
          });
          if (t + 1 < T) states!.set(nextState!, (t + 1) * B * S);
        }
        const core = await (await load(engine, gradients(B, B))).run({ ...feeds.gradients, drive });
        const driveGradient = new Float32Array(N * network.driveSize);
        addRows(core[gradientName('drive')]!, index, network.driveSize, driveGradient);
        const backward = await load(engine, encodeBackward());
        const ours = {
          ...core,
          ...(await backward.run({ ...feeds.encode, ...encoded, driveGradient })),
        };
        const whole = await (await load(engine, wholeGradients(recipe, B))).run({
          ...feeds.gradients,
          ...{ pixels: feeds.encode.pixels!, index, state: first },
        });
        const of = (results: Results) =>
          Object.fromEntries(Object.keys(whole).map((name) => [name, results[name]!]));
        expectClose(of(ours), whole);
      }),
      { seed: 2018, numRuns: 6 },
    );
  },
);

test('two shards’ gradients sum to that of all worlds', async () => {
  const recipe = tinyRecipe({ pathway: 'nac', steps: T });
  const { gradients } = programsFor(recipe);
  const { gradients: feeds } = randomFeeds(recipe, 4, 5, 3);
  const whole = await (await load('onnx', gradients(4, 4))).run(feeds);
  const half = await load('onnx', gradients(2, 4));
  /** What two of the four worlds contribute to an array of `steps` steps. */
  const share = (array: Feeds[string], steps: number, from: number) => {
    const perWorld = array.length / steps / 4;
    return array.filter((_, i) => ((Math.floor(i / perWorld) % 4) & 2) === from);
  };
  const results: Results[] = [];
  for (const from of [0, 2]) {
    const shares: Feeds = { ...feeds };
    for (const name of [
      'drive',
      'states',
      'instruction',
      'start',
      'action',
      'advantage',
      'return',
    ]) {
      shares[name] = share(feeds[name]!, T, from);
    }
    results.push(await half.run(shares));
  }
  // The drives of each world are its own.
  const summed = Object.keys(whole).filter(
    (name) => /gradient|Loss|entropy/.test(name) && name !== gradientName('drive'),
  );
  expect(summed.length).toBeGreaterThan(10);
  for (const name of summed) {
    const sum = results[0]![name]!.map((g, i) => g + results[1]![name]![i]!);
    expectClose({ [name]: sum }, { [name]: whole[name]! });
  }
});

test('an actor encodes a frame once until it is told to forget', async () => {
  const recipe = tinyRecipe();
  const { network, encode, act } = programsFor(recipe);
  const { vector } = randomFeeds(recipe, 1, 1, 1);
  const parameters = views(network.layout, vector);
  const encoder = await load('onnx', encode());
  const run = vi.spyOn(encoder, 'run');
  const encoded = () =>
    run.mock.calls.reduce((sum, [{ pixels }]) => sum + pixels!.length / frameSize, 0);
  const { height, width, channels } = recipe.world;
  const frameSize = height * width * channels;
  const { driveSize } = network;
  const actor = new Actor(
    { B: 2, driveSize, parameters },
    new PlainEncoder({ frameSize, driveSize, capacity: 8, parameters }, encoder),
    await load('onnx', act(2)),
  );
  const { bytes } = numbers('frames');
  const [one, two] = [bytes(frameSize), bytes(frameSize)];
  const show = async (a: Uint8Array, b: Uint8Array) => {
    const pixels = Uint8Array.from([...a, ...b]);
    const index = new Int32Array(2);
    const observation = { pixels, instruction: Float32Array.of(3, 3) };
    const state = new Float32Array(2 * network.stateSize);
    const step = await actor.act(observation, Float32Array.of(1, 1), state, index);
    return { index: [...index], value: [...step.value] };
  };
  const first = await show(one, one);
  expect(first.index).toEqual([0, 0]);
  expect(first.value[0]).toBe(first.value[1]);
  const second = await show(two, one);
  expect(second.index).toEqual([1, 0]);
  expect(second.value[1]).toBe(first.value[0]);
  expect(second.value[0]).not.toBe(second.value[1]);
  expect(encoded()).toBe(2);

  for (const i of vector.keys()) vector[i]! *= 0.5;
  actor.encoder.forget();
  const third = await show(one, two);
  expect(third.index).toEqual([0, 1]);
  expect(third.value[0]).not.toBe(first.value[0]);
  expect(encoded()).toBe(4);
});
