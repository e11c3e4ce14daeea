import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { ActorStep } from '../../agent/actor.ts';
import { type Blueprint, loadProgram, makeBlueprint } from '../../agent/blueprint.ts';
import type { LearningSignals } from '../../agent/learner.ts';
import { initialise, views } from '../../agent/parameters.ts';
import { programsFor } from '../../agent/programs.ts';
import { type Env, inspectWorld, make, type Observation, Random } from '../../env/index.ts';
import { Shard } from '../../src/train/shard.ts';
import { tinySettings } from './tiny.ts';

const B = 6;
const T = 10;
const settings = tinySettings({
  // So little time that every rollout holds episodes of both endings.
  envOptions: { timeMin: 1, timeMax: 4, slack: 1 },
  set: { worlds: B, steps: T, discount: 0.9, gaeLambda: 0.8 },
});
const { config, env } = settings;
const seeds = Array.from({ length: B }, (_, world) => `shard:${world}`);
const newWorld = (): Env => make(env.id, env.options);
const recipe = { config, world: inspectWorld(env.id, env.options).shape };

let blueprint: Blueprint;
/** Further from their start than an initialisation, so that no two frames or states are worth the same. */
let parameters: Float32Array;
beforeAll(async () => {
  blueprint = await makeBlueprint(recipe, 'onnx', { B });
  const { network } = programsFor(recipe);
  parameters = new Float32Array(network.layout.size);
  initialise(network.parameters, 1, parameters);
  const random = new Random('parameters');
  for (const [name, values] of Object.entries(views(network.layout, parameters))) {
    const spread = name.startsWith('policy') ? 2 : 0.2;
    for (const [i, value] of values.entries()) {
      values[i] = value + spread * (random.uniform() - 0.5);
    }
  }
});

function newShard(gradient = new Float32Array(parameters.length)): Promise<Shard> {
  return Shard.create({ blueprint, env, seeds, actionSeed: 'shard:actions', parameters, gradient });
}

/** The largest difference between two arrays. */
function gap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]!)));
}

/** Fills a rollout, and returns what the agent made of each step. */
async function act(shard: Shard): Promise<ActorStep[]> {
  const steps: ActorStep[] = [];
  const original = shard.actor.act.bind(shard.actor);
  const spy = vi.spyOn(shard.actor, 'act').mockImplementation(async (seen, start, state, index) => {
    const step = await original(seen, start, state, index);
    // Only the steps of the rollout ask for the index of what is seen.
    if (index) steps.push(step);
    return step;
  });
  await shard.act();
  spy.mockRestore();
  return steps;
}

/** Computes the gradient, and returns what the learner made of the rollout. */
async function learn(shard: Shard): Promise<LearningSignals> {
  const spy = vi.spyOn(shard.learner, 'learn');
  await shard.learn();
  const signals = await spy.mock.results[0]!.value;
  spy.mockRestore();
  return signals;
}

test('what the learner unrolls equals what was acted, across both endings of episodes', async () => {
  const shard = await newShard();
  for (let rollout = 0; rollout < 3; rollout++) {
    const steps = await act(shard);
    expect(steps).toHaveLength(T);
    const { unrolled } = await learn(shard);
    const acted = steps.flatMap(({ probabilities }) => [...probabilities]);
    expect(gap(unrolled.probabilities, acted)).toBeLessThan(1e-5);
    expect(
      gap(
        unrolled.value,
        steps.flatMap(({ value }) => [...value]),
      ),
    ).toBeLessThan(1e-5);
    expect(gap(unrolled.state, (await shard.state()).recurrent)).toBeLessThan(1e-5);
    // Which would be idle if the agent saw no difference, or no episode ended.
    expect(
      gap(
        acted,
        acted.map((_, i) => acted[i % 5]!),
      ),
    ).toBeGreaterThan(0.05);
    expect(shard.rollout.start.reduce((sum, start) => sum + start)).toBeGreaterThan(B);
  }
  await shard.close();
});

describe('where memory is dropped', () => {
  const dropping = { ...config, pathway: 'nac-clock' as const, memoryDropout: 0.3 };
  const newDroppingShard = async (): Promise<Shard> => {
    const own = { config: dropping, world: recipe.world };
    const plan = await makeBlueprint(own, 'onnx', { B });
    const vector = new Float32Array(plan.layout.size);
    initialise(programsFor(own).network.parameters, 1, vector);
    const random = new Random('dropping');
    for (const [i, value] of vector.entries()) vector[i] = value + 0.3 * (random.uniform() - 0.5);
    const gradient = new Float32Array(vector.length);
    const rest = { env, seeds, actionSeed: 'shard:actions', parameters: vector, gradient };
    return Shard.create({ blueprint: plan, ...rest });
  };

  test('the learner drops what was dropped while acting', async () => {
    const shard = await newDroppingShard();
    let dropped = 0;
    for (let rollout = 0; rollout < 4; rollout++) {
      const steps = await act(shard);
      const { unrolled } = await learn(shard);
      const acted = steps.flatMap(({ probabilities }) => [...probabilities]);
      expect(gap(unrolled.probabilities, acted)).toBeLessThan(1e-5);
      expect(gap(unrolled.state, (await shard.state()).recurrent)).toBeLessThan(1e-5);
      dropped += shard.rollout.dropped.reduce((sum, d) => sum + d);
      // It would not be so, were nothing dropped.
      shard.rollout.dropped.fill(0);
      const { unrolled: remembered } = await learn(shard);
      expect(gap(remembered.state, unrolled.state)).toBeGreaterThan(1e-3);
    }
    expect(dropped / (4 * T * B)).toBeGreaterThan(0.2);
    expect(dropped / (4 * T * B)).toBeLessThan(0.4);
    shard.close();
  });

  test('the LSTM forgets and the clock goes on', async () => {
    const shard = await newDroppingShard();
    const seen: { state: Float32Array; start: Float32Array }[] = [];
    const original = shard.actor.act.bind(shard.actor);
    vi.spyOn(shard.actor, 'act').mockImplementation(async (observation, start, state, index) => {
      if (index) seen.push({ state: state.slice(), start: start.slice() });
      return original(observation, start, state, index);
    });
    await shard.act();
    const { lstm } = dropping;
    const size = 2 * lstm + 1;
    let clocksThatWentOn = 0;
    for (const [t, { state, start }] of seen.entries()) {
      for (let b = 0; b < B; b++) {
        const memory = state.subarray(b * size, b * size + 2 * lstm);
        if (shard.rollout.dropped[t * B + b] === 0) continue;
        expect(memory.every((x) => x === 0)).toBe(true);
        if (t > 0 && start[b] === 0 && state[b * size + 2 * lstm] !== 0) clocksThatWentOn += 1;
      }
    }
    expect(clocksThatWentOn).toBeGreaterThan(3);
    shard.close();
  });
});

/** The agent alone with one world, its state kept by hand. */
async function soloist() {
  const one = await makeBlueprint(recipe, 'onnx', { B: 1 }, ['encode', 'act']);
  const [encode, act] = [await loadProgram(one, 'encode'), await loadProgram(one, 'act')];
  const byName = views(one.layout, parameters);
  const index = Int32Array.of(0);
  const start = Float32Array.of(0);
  let state = new Float32Array(one.stateSize);
  return {
    begin: () => void state.fill(0),
    /** V of an observation; the state goes on. */
    async see({ pixels, instruction }: Observation) {
      const { drive } = await encode.run({ ...byName, pixels });
      const step = await act.run({ ...byName, drive: drive!, index, instruction, start, state });
      state = step.nextState as Float32Array<ArrayBuffer>;
      return step.value![0]!;
    },
  };
}

test('a truncated episode is worth what its last observation promises, a finished one nothing', async () => {
  const shard = await newShard();
  const agent = await soloist();
  const endings = { terminated: 0, truncated: 0 };
  await shard.act();
  const { action, value, nextValue, advantage, return: target } = shard.rollout;
  for (let b = 0; b < B; b++) {
    const world = newWorld();
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
    expect(
      gap(
        column(target),
        advantages.map((a, t) => a + values[t]!),
      ),
    ).toBeLessThan(1e-5);
  }
  expect(endings.terminated).toBeGreaterThan(3);
  expect(endings.truncated).toBeGreaterThan(3);
  await shard.close();
});

describe('restore', () => {
  test('goes on with the same bits, in a shard that has seen other frames', async () => {
    const gradients = [1, 2].map(() => new Float32Array(parameters.length));
    const original = await newShard(gradients[0]);
    for (let rollout = 0; rollout < 3; rollout++) await original.advance();
    const copy = await newShard(gradients[1]);
    await copy.advance();
    await copy.restore(JSON.parse(JSON.stringify(await original.state()), revive));
    for (let rollout = 0; rollout < 3; rollout++) {
      expect(await copy.advance()).toEqual(await original.advance());
      expect(gradients[1]).toEqual(gradients[0]);
    }
    expect(await copy.state()).toEqual(await original.state());
  });
});

/** Typed arrays become objects of numbered values in JSON. */
function revive(key: string, value: object): unknown {
  return key === 'recurrent' || key === 'start' ? Float32Array.from(Object.values(value)) : value;
}

test('a world that fails is named', async () => {
  const shard = await newShard();
  const state = await shard.state();
  await expect(shard.restore({ ...state, worlds: [] })).rejects.toThrow(
    `TimedGrid-v0 failed at restore: this is not the state of a vector of ${B} worlds`,
  );
});
