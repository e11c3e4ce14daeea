import { expect, test, vi } from 'vitest';
import { loadProgram, makeBlueprint } from '../../agent/blueprint.ts';
import { PlainEncoder } from '../../agent/encoder/plain-encoder.ts';
import { views } from '../../agent/parameters.ts';
import type { Recipe } from '../../agent/programs.ts';
import {
  ClipReward,
  FrameStack,
  findSpec,
  Grayscale,
  make,
  type Observation,
  OrderEnforcing,
  PassiveEnvChecker,
  RecordEpisodeStatistics,
  RecordReplay,
  register,
  StochasticAction,
  TimeLimit,
  TransformReward,
  Wrapper,
  wrapSpec,
} from '../../env/index.ts';
import { act, gap, learn, shardOf } from './shard-at-work.ts';
import { tinySettings } from './tiny.ts';

const grid = findSpec('TimedGrid-v0');
register(
  wrapSpec(
    grid,
    'StackedGrid-v0',
    (env) => new FrameStack(env, { frames: 2 }),
    (env) => new TimeLimit(env, { steps: 4 }),
    (env) => new Grayscale(env),
  ),
);
register(
  wrapSpec(
    grid,
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

/** Lays noise over the pixels, another for each picture. */
class Noise extends Wrapper {
  override reset(...args: Parameters<Wrapper['reset']>) {
    const result = super.reset(...args);
    return { ...result, observation: disturbed(result.observation) };
  }

  override step(...args: Parameters<Wrapper['step']>) {
    const result = super.step(...args);
    return { ...result, observation: disturbed(result.observation) };
  }

  override restore(...args: Parameters<Wrapper['restore']>) {
    return disturbed(super.restore(...args));
  }
}

function disturbed(observation: Observation): Observation {
  const { pixels } = observation;
  let noise = pixels.reduce((hash, pixel) => Math.imul(hash ^ pixel, 0x01000193), 1);
  for (let i = 0; i < pixels.length; i++) {
    noise = Math.imul(noise, 0x0019660d) + 0x3c6ef35f;
    pixels[i]! ^= noise >>> 28;
  }
  return observation;
}

register(
  wrapSpec(
    grid,
    'NoisyGrid-v0',
    (env) => new TimeLimit(env, { steps: 4 }),
    (env) => new Noise(env),
  ),
);

const [B, T] = [6, 10];
/** So little time that every rollout holds episodes that were terminated and truncated. */
const envOptions = { size: 3, pixels: 24, timeMin: 1, timeMax: 4, slack: 1 };
const sizes = { worlds: B, steps: T, discount: 0.9, gaeLambda: 0.8 };
const settings = tinySettings({ envOptions, set: sizes });
const { config, env } = settings;

test.each([
  ['TimedGrid-v0', 3],
  ['StackedGrid-v0', 2],
  ['GuardedGrid-v0', 3],
  ['NoisyGrid-v0', 3],
])(
  'the learner unrolls what was acted in %s, and a copy continues with the same bits',
  async (id, channels) => {
    const wholeFrames = vi.spyOn(PlainEncoder.prototype, 'backward');
    const { create, recipe, parameters } = await shardOf(
      tinySettings({ env: id, envOptions: { ...envOptions, slack: 4 }, set: sizes }),
    );
    expect(recipe.world.channels).toBe(channels);
    const gradients = [1, 2].map(() => new Float32Array(parameters.length));
    const [shard, copy] = [await create(gradients[0]), await create(gradients[1])];
    let truncated = 0;
    for (let rollout = 0; rollout < 3; rollout++) {
      const { steps, episodes, ...acted } = await act(shard);
      expect(steps).toHaveLength(T);
      const { unrolled } = await learn(shard);
      expect(gap(unrolled.probabilities, acted.probabilities)).toBeLessThan(1e-5);
      expect(gap(unrolled.value, acted.value)).toBeLessThan(1e-5);
      // Which would mean nothing if the agent saw no difference, or no episode ended.
      const first = acted.probabilities.map((_, i) => acted.probabilities[i % 5]!);
      expect(gap(acted.probabilities, first)).toBeGreaterThan(0.05);
      expect(shard.rollout.start.reduce((sum, start) => sum + start)).toBeGreaterThan(B);
      expect(gradients[0]!.some((value) => value !== 0)).toBe(true);
      truncated += episodes.filter(({ metrics }) => !metrics.arrived).length;
    }
    expect(truncated).toBeGreaterThan(5);
    await copy.advance(); // it has seen other frames
    const { recurrent, start, ...json } = await shard.state();
    await copy.restore({ recurrent, start, ...JSON.parse(JSON.stringify(json)) });
    for (let rollout = 0; rollout < 2; rollout++) {
      expect(await copy.advance()).toEqual(await shard.advance());
      expect(gradients[1]).toEqual(gradients[0]);
    }
    expect(await copy.state()).toEqual(await shard.state());
    expect(wholeFrames.mock.calls.length > 0).toBe(id === 'NoisyGrid-v0');
    wholeFrames.mockRestore();
    await shard.close();
    await copy.close();
  },
);

test('memory that was dropped while acting is dropped while learning: that of the LSTM, not the clock or earlier pictures', async () => {
  const set = { ...sizes, pictures: 3, memoryDropout: 0.3 };
  const { create } = await shardOf(tinySettings({ agent: 'nac-clock', envOptions, set }));
  const shard = await create();
  const lstm = 2 * config.lstm;
  let dropped = 0;
  let clocksThatContinued = 0;
  let picturesThatStayed = 0;
  for (let rollout = 0; rollout < 4; rollout++) {
    const { steps, probabilities } = await act(shard);
    const size = steps[0]!.before.length / B;
    for (const [t, { before, start }] of steps.entries()) {
      for (let b = 0; b < B; b++) {
        if (shard.rollout.dropped[t * B + b] === 0) continue;
        dropped += 1;
        expect(before.subarray(b * size, b * size + lstm).every((x) => x === 0)).toBe(true);
        if (t === 0 || start[b] === 1) continue;
        if (before[b * size + lstm] !== 0) clocksThatContinued += 1;
        if (before[(b + 1) * size - 1] === 1) picturesThatStayed += 1;
      }
    }
    const { unrolled } = await learn(shard);
    expect(gap(unrolled.probabilities, probabilities)).toBeLessThan(1e-5);
    // It would not be so, were what is dropped something else.
    shard.rollout.dropped.forEach((is, i, all) => {
      all[i] = 1 - is;
    });
    const { unrolled: forgetful } = await learn(shard);
    expect(gap(forgetful.probabilities, unrolled.probabilities)).toBeGreaterThan(1e-3);
  }
  expect(clocksThatContinued).toBeGreaterThan(3);
  expect(picturesThatStayed).toBe(clocksThatContinued);
  expect(dropped / (4 * T * B)).toBeGreaterThan(0.2);
  expect(dropped / (4 * T * B)).toBeLessThan(0.4);
  await shard.close();
});

/** The agent alone with one world, its state kept by hand. */
async function soloist(recipe: Recipe, parameters: Float32Array) {
  const one = await makeBlueprint(recipe, 'onnx', { B: 1 }, ['encode', 'act']);
  const [encode, act] = [await loadProgram(one, 'encode'), await loadProgram(one, 'act')];
  const byName = views(one.layout, parameters);
  const index = Int32Array.of(0);
  const start = Float32Array.of(0);
  let state = new Float32Array(one.stateSize);
  return {
    begin: () => void state.fill(0),
    /** V of an observation; the state continues. */
    async see({ pixels, instruction }: Observation) {
      const { drive } = await encode.run({ ...byName, pixels });
      const step = await act.run({ ...byName, drive: drive!, index, instruction, start, state });
      state = step.nextState as Float32Array<ArrayBuffer>;
      return step.value![0]!;
    },
  };
}

test('a truncated episode is worth what its last observation promises, a finished one nothing', async () => {
  const { create, recipe, parameters, seeds } = await shardOf(settings);
  const shard = await create();
  const agent = await soloist(recipe, parameters);
  const endings = { terminated: 0, truncated: 0 };
  await shard.act();
  const { action, value, nextValue, advantage, return: target } = shard.rollout;
  for (let b = 0; b < B; b++) {
    const world = make(env.id, env.options);
    let { observation } = world.reset({ seed: seeds[b] });
    const values: number[] = [];
    const next: number[] = [];
    const rewards: number[] = [];
    const ended: boolean[] = [];
    agent.begin();
    let here = await agent.see(observation);
    for (let t = 0; t < T; t++) {
      const result = world.step(action[t * B + b]!);
      values.push(here);
      rewards.push(config.rewardScale * result.reward);
      ended.push(result.terminated || result.truncated);
      if (result.terminated) endings.terminated++;
      if (result.truncated) endings.truncated++;
      observation = result.observation;
      // After the last step of the rollout, too, this is the value that follows.
      here = await agent.see(observation);
      next.push(result.terminated ? 0 : here);
      if (!ended[t]) continue;
      agent.begin();
      here = await agent.see(world.reset().observation);
    }
    const column = (array: Float32Array) => Array.from({ length: T }, (_, t) => array[t * B + b]!);
    expect(gap(column(value), values)).toBeLessThan(1e-5);
    expect(gap(column(nextValue), next)).toBeLessThan(1e-5);
    // The advantage as the sum that defines it, up to the end of the episode or of the rollout.
    const advantages = values.map((_, from) => {
      let sum = 0;
      for (let t = from; t < T; t++) {
        const delta = rewards[t]! + config.discount * next[t]! - values[t]!;
        sum += (config.discount * config.gaeLambda) ** (t - from) * delta;
        if (ended[t]) break;
      }
      return sum;
    });
    expect(gap(column(advantage), advantages)).toBeLessThan(1e-5);
    const targets = advantages.map((a, t) => a + values[t]!);
    expect(gap(column(target), targets)).toBeLessThan(1e-5);
  }
  expect(endings.terminated).toBeGreaterThan(3);
  expect(endings.truncated).toBeGreaterThan(3);
  await shard.close();
});

test('a state of another number of worlds is refused with the name of the world', async () => {
  const shard = await (await shardOf(settings)).create();
  const state = await shard.state();
  await expect(shard.restore({ ...state, worlds: [] })).rejects.toThrow(
    `TimedGrid-v0 failed at restore: this is not the state of a vector of ${B} worlds`,
  );
});
