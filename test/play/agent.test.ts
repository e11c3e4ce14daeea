import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixing, make } from '../../env/index.ts';
import { evaluateRun } from '../../src/evaluate/evaluate-run.ts';
import { type LoadAgentOptions, loadAgent } from '../../src/play/agent.ts';
import { saveRun } from '../evaluate/saved-run.ts';
import { temporaryFolder } from '../run/temporary.ts';

function newRun(): string {
  const run = join(temporaryFolder(), 'run');
  saveRun(run, { config: { pathway: 'nac-clock', rewardScale: 0.1 }, seed: 3, frames: 640 });
  return run;
}

/** Plays the episodes that an evaluation plays at one number. */
async function play(run: string, options: LoadAgentOptions, number: number, episodes: number) {
  const agent = await loadAgent(run, options);
  const world = make(agent.env.id, agent.env.options);
  const total = { reward: 0, exact: 0, arrived: 0 };
  for (let i = 0; i < episodes; i++) {
    let { observation } = world.reset({
      seed: `evaluation:${i}`,
      options: fixing(world, number),
    });
    agent.reset(`evaluation:${i}:actions`);
    for (;;) {
      const result = world.step((await agent.act(observation)).action);
      total.reward += result.reward;
      observation = result.observation;
      if (!result.terminated && !result.truncated) continue;
      total.exact += result.info.metrics!.exact!;
      total.arrived += result.info.metrics!.arrived!;
      break;
    }
  }
  await agent.close();
  return {
    meanReward: total.reward / episodes,
    exact: total.exact / episodes,
    arrived: total.arrived / episodes,
  };
}

test.each(['greedy', 'sample'] as const)('acts as in an evaluation, %s', async (policy) => {
  const run = newRun();
  const { rows } = await evaluateRun(run, { numbers: [3, 9], episodes: 25, policy, threads: 0 });
  for (const row of rows) {
    expect(row).toMatchObject(await play(run, { policy }, row.number, 25));
  }
  expect(rows[0]!.arrived).toBeGreaterThan(0);
});

test('says what it is and what it makes of an observation', async () => {
  const run = newRun();
  const agent = await loadAgent(run);
  expect(agent).toMatchObject({ run, frames: 640, env: { id: 'TimedGrid-v0' } });
  const world = make(agent.env.id, agent.env.options);
  const { observation } = world.reset({ seed: 1 });
  const first = await agent.act(observation);
  expect(first.probabilities).toHaveLength(5);
  expect(first.probabilities.reduce((sum, p) => sum + p)).toBeCloseTo(1, 5);
  expect(first.action).toBe(first.probabilities.indexOf(Math.max(...first.probabilities)));
  const second = await agent.act(observation);
  expect(second.value).not.toBe(first.value);
  agent.reset();
  expect(await agent.act(observation)).toEqual(first);

  const small = { ...observation, pixels: new Uint8Array(3) };
  await expect(agent.act(small)).rejects.toThrow('pixels must have 432 elements for this agent');
  const both = Promise.all([agent.act(observation), agent.act(observation)]);
  await expect(both).rejects.toThrow('await each call of act before the next');
  await expect(loadAgent(`${run}x`)).rejects.toThrow(`there is no run at ${run}x`);
});

test('draws the same actions with the same seed', async () => {
  const run = newRun();
  const drawn = async (seed: number) => {
    const agent = await loadAgent(run, { policy: 'sample', seed });
    const { observation } = make(agent.env.id, agent.env.options).reset({ seed: 1 });
    const actions: number[] = [];
    for (let i = 0; i < 40; i++) actions.push((await agent.act(observation)).action);
    await agent.close();
    return actions;
  };
  expect(await drawn(1)).toEqual(await drawn(1));
  expect(await drawn(1)).not.toEqual(await drawn(2));
});
