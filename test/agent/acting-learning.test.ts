import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { Actor, type ActorObservation } from '../../agent/actor.ts';
import { sortedNodes } from '../../agent/compiler/graph.ts';
import type { Program } from '../../agent/compiler/program.ts';
import { trace } from '../../agent/compiler/trace.ts';
import type { EngineName, Feeds, Results } from '../../agent/engines/engine.ts';
import { Learner } from '../../agent/learner.ts';
import { gradientName } from '../../agent/names.ts';
import { views } from '../../agent/parameters.ts';
import { programsFor } from '../../agent/programs.ts';
import { Rollout } from '../../agent/rollout.ts';
import { sampleActions } from '../../agent/sampling.ts';
import { expectClose, load, numbers } from './engines/engines-at-work.ts';
import { anyTiny, PATHWAYS, randomFeeds, tinyRecipe } from './tiny.ts';

const [T, B] = [7, 3];
const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** Acts T steps in worlds that show random frames and end at random, as training does, and lets the learner go over them. */
async function actAndLearn(pathway: string, k: number, engine: EngineName = 'onnx') {
  const recipe = tinyRecipe({ pathway, steps: T }, { instruction: k });
  const { world } = recipe;
  const { network, encode, act, gradientsOfEncoded } = programsFor(recipe);
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

  const actor = new Actor(
    {
      ...{ B, frameSize, driveSize: network.driveSize, capacity: 2 * (T + 1) * B, parameters },
      layerSizes: Object.fromEntries(
        network.layers.map(({ name, shape }) => [name, product(shape)]),
      ),
    },
    { encode: await load(engine, encode()), act: await load(engine, act(B)) },
  );
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
    const step = await actor.act(observation, start, state, index);
    probabilities.push(...step.probabilities);
    sampleActions(step.probabilities, uniform, action);
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

  const gradient = new Float32Array(network.layout.size);
  const learner = new Learner(
    await load(engine, gradientsOfEncoded(B, B)),
    parameters,
    network.layout,
    gradient,
  );
  return {
    acting: { probabilities: Float32Array.from(probabilities), value: rollout.value, state },
    rollout,
    actor,
    learn: async () => ({
      ...(await learner.learn(rollout, actor.encoded)),
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

test('frames listed each on their own give the same gradients as distinct frames', async () => {
  const recipe = tinyRecipe({ pathway: 'nac', steps: T });
  const { network, gradients } = programsFor(recipe);
  const { gradients: feeds } = randomFeeds(recipe, B, 4, 11);
  const { height, width, channels } = recipe.world;
  const frameSize = height * width * channels;
  const pixels = new Uint8Array(T * B * frameSize);
  const [few, index] = [feeds.pixels as Uint8Array, feeds.index as Int32Array];
  for (const [i, frame] of index.entries()) {
    pixels.set(few.subarray(frame * frameSize, (frame + 1) * frameSize), i * frameSize);
  }
  const each = { ...feeds, pixels, index: Int32Array.from({ length: T * B }, (_, i) => i) };
  for (const engine of ['onnx', 'cpu'] as const) {
    const runner = await load(engine, gradients(B, B));
    const [distinct, undeduplicated] = [await runner.run(feeds), await runner.run(each)];
    expectClose(distinct, undeduplicated);
    const filter = distinct[gradientName('conv1/filter')]!;
    expect(filter.some((g) => Math.abs(g) > 1e-3)).toBe(true);
    expect(network.encoderNames).toContain('conv1/filter');
  }
});

test.each(['onnx', 'cpu'] as const)(
  'frames that were encoded before give the same gradients as their pixels (%s)',
  async (engine) => {
    await fc.assert(
      fc.asyncProperty(anyTiny, async ({ recipe, B, N, seed }) => {
        const { network, encode, gradients, gradientsOfEncoded } = programsFor(recipe);
        const feeds = randomFeeds(recipe, B, N, seed);
        const encoded = await (await load(engine, encode())).run(feeds.encode);
        expect(Object.keys(encoded)).toEqual([...network.layers.map(({ name }) => name), 'drive']);
        const again = await (await load(engine, gradients(B, B))).run(feeds.gradients);
        const known = await load(engine, gradientsOfEncoded(B, B));
        expectClose(await known.run({ ...feeds.gradients, ...encoded }), again, {
          tolerance: 1e-6,
        });
      }),
      { seed: 2018, numRuns: 4 },
    );
  },
);

test('of encoded frames nothing but the pixels’ gradient is computed again', () => {
  const { gradients, gradientsOfEncoded } = programsFor(tinyRecipe());
  const convolutions = (program: Program) =>
    sortedNodes(trace(program)).filter(({ op }) => op === 'Conv' || op === 'ConvTranspose').length;
  // Two layers forward, two gradients of filters and one of an input.
  expect(convolutions(gradients(B, B))).toBe(5);
  expect(convolutions(gradientsOfEncoded(B, B))).toBe(3);
});

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
    const shares: Feeds = { ...feeds, state: share(feeds.state!, 1, from) };
    for (const name of ['index', 'instruction', 'start', 'action', 'advantage', 'return']) {
      shares[name] = share(feeds[name]!, T, from);
    }
    results.push(await half.run(shares));
  }
  const summed = Object.keys(whole).filter((name) => /gradient|Loss|entropy/.test(name));
  expect(summed.length).toBeGreaterThan(15);
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
  const actor = new Actor(
    { B: 2, frameSize, driveSize: network.driveSize, capacity: 8, parameters },
    { encode: encoder, act: await load('onnx', act(2)) },
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
  actor.forget();
  const third = await show(one, two);
  expect(third.index).toEqual([0, 1]);
  expect(third.value[0]).not.toBe(first.value[0]);
  expect(encoded()).toBe(4);
});
