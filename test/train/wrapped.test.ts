import { expect, test, vi } from 'vitest';
import type { ActorStep } from '../../agent/actor.ts';
import { makeBlueprint } from '../../agent/blueprint.ts';
import { initialise } from '../../agent/parameters.ts';
import { programsFor } from '../../agent/programs.ts';
import {
  ClipReward,
  FrameStack,
  findSpec,
  Grayscale,
  inspectWorld,
  make,
  OrderEnforcing,
  PassiveEnvChecker,
  RecordEpisodeStatistics,
  RecordReplay,
  register,
  StochasticAction,
  TimeLimit,
  TransformReward,
  wrapSpec,
} from '../../env/index.ts';
import { observedPicture } from '../../src/play/observed-picture.ts';
import { Shard } from '../../src/train/shard.ts';
import { tinySettings } from './tiny.ts';

register(
  wrapSpec(
    findSpec('TimedGrid-v0'),
    'StackedGrid-v0',
    (env) => new FrameStack(env, { frames: 2 }),
    (env) => new TimeLimit(env, { steps: 4 }),
    (env) => new Grayscale(env),
  ),
);

register(
  wrapSpec(
    findSpec('TimedGrid-v0'),
    'GuardedGrid-v0',
    (env) => new PassiveEnvChecker(env),
    (env) => new OrderEnforcing(env),
    (env) => new StochasticAction(env, { probability: 0.2 }),
    (env) => new TimeLimit(env, { steps: 4 }),
    (env) => new RecordEpisodeStatistics(env),
    (env) => new RecordReplay(env, { onEpisode: () => {} }),
    (env) => new ClipReward(env, { high: 8, maxReward: 8 }),
    (env) => new TransformReward(env, (reward) => reward - 0.1, { maxReward: 8 }),
  ),
);

const B = 5;
const T = 12;

test.each([
  ['StackedGrid-v0', 2],
  ['GuardedGrid-v0', 3],
])('a recurrent agent learns what it acted in %s, which is often cut off', async (id, channels) => {
  const { config, env } = tinySettings({
    env: id,
    envOptions: { size: 3, pixels: 12, timeMin: 1, timeMax: 4, slack: 4 },
    set: { worlds: B, steps: T },
  });
  const recipe = { config, world: inspectWorld(env.id, env.options).shape };
  expect(recipe.world).toMatchObject({ height: 12, width: 12, channels });
  const blueprint = await makeBlueprint(recipe, 'onnx', { B });
  const { network } = programsFor(recipe);
  const parameters = new Float32Array(network.layout.size);
  initialise(network.parameters, 1, parameters);
  const gradients = [1, 2].map(() => new Float32Array(parameters.length));
  const seeds = Array.from({ length: B }, (_, i) => `wrapped:${i}`);
  const plan = { blueprint, env, seeds, actionSeed: 'wrapped:actions', parameters };
  const shard = await Shard.create({ ...plan, gradient: gradients[0]! });
  const copy = await Shard.create({ ...plan, gradient: gradients[1]! });
  const act = shard.actor.act.bind(shard.actor);
  const learn = vi.spyOn(shard.learner, 'learn');
  let cutOff = 0;
  for (let rollout = 0; rollout < 3; rollout++) {
    const acted: ActorStep[] = [];
    const spy = vi.spyOn(shard.actor, 'act').mockImplementation(async (seen, start, state, i) => {
      const step = await act(seen, start, state, i);
      if (i) acted.push(step);
      return step;
    });
    const report = await shard.advance();
    spy.mockRestore();
    cutOff += report.episodes.filter(
      ({ length, metrics }) => length === 4 && !metrics.arrived,
    ).length;
    const { unrolled } = await learn.mock.results[rollout]!.value;
    for (const name of ['probabilities', 'value'] as const) {
      const expected = acted.flatMap((step) => [...step[name]]);
      expect(unrolled[name].length).toBe(expected.length);
      for (const [i, value] of expected.entries()) {
        expect(Math.abs(unrolled[name][i]! - value)).toBeLessThan(1e-5);
      }
    }
    expect(gradients[0]!.some((value) => value !== 0)).toBe(true);
  }
  expect(cutOff).toBeGreaterThan(5);
  await copy.restore(await shard.state());
  expect(await copy.advance()).toEqual(await shard.advance());
  expect(gradients[1]).toEqual(gradients[0]);
  await shard.close();
  await copy.close();
});

test('the page shows one grey picture beside the other, and colours as they are', () => {
  const env = make('StackedGrid-v0', { size: 2, pixels: 2, agentColour: [90, 90, 90] });
  env.reset({ seed: 1 });
  const { observation } = env.step(1);
  const { pixels, height, width } = observedPicture(
    observation.pixels,
    env.observationSpace.pixels,
  );
  expect([height, width]).toEqual([2, 4]);
  for (let y = 0; y < 2; y++) {
    for (let x = 0; x < 4; x++) {
      const grey = observation.pixels[(y * 2 + (x % 2)) * 2 + Math.floor(x / 2)]!;
      const at = (y * 4 + x) * 3;
      expect([...pixels.subarray(at, at + 3)]).toEqual([grey, grey, grey]);
    }
  }
  const plain = make('TimedGrid-v0').reset({ seed: 1 }).observation.pixels;
  expect(observedPicture(plain, make('TimedGrid-v0').observationSpace.pixels).pixels).toBe(plain);
  const six = new FrameStack(make('TimedGrid-v0'), { frames: 2 });
  const colours = observedPicture(
    six.reset({ seed: 1 }).observation.pixels,
    six.observationSpace.pixels,
  );
  expect(colours).toMatchObject({ height: 56, width: 112 });
  for (let y = 0; y < 56; y++) {
    const row = plain.subarray(y * 168, (y + 1) * 168);
    expect(Buffer.compare(colours.pixels.subarray(y * 336, y * 336 + 168), row)).toBe(0);
    expect(Buffer.compare(colours.pixels.subarray(y * 336 + 168, (y + 1) * 336), row)).toBe(0);
  }
});
