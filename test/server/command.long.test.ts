import fs from 'node:fs';
import { expect, test } from 'vitest';
import { savedPair } from '../watch/watching.ts';
import { pageAt, running } from './running-command.ts';

test.each(['SIGINT', 'SIGTERM'] as const)('%s says goodbye and ends well', async (signal) => {
  const { child, address, exit, output } = await running(['watch', ...savedPair()], 'stdout');
  const page = await pageAt(address);
  page.send({ kind: 'episode', id: 1, number: 9, seed: 3, policy: 'greedy', horizon: 2048 });
  await page.ends(1, 2);
  const goodbye = new Promise<number>((resolve) => page.socket.once('close', resolve));
  child.kill(signal);
  expect(await goodbye).toBe(1001);
  expect(await exit).toBe(0);
  expect(output()).toBe(`Watch at ${address} (Ctrl-C ends it)\n`);
});

test('without a run, the agents that ship are watched, at a time that tells them apart', async () => {
  const { address } = await running(['watch'], 'stdout');
  expect(address.search).toBe('?t=16');
  const hello = await (await pageAt(address)).hello();
  expect(hello.agents.map(({ name }) => name)).toEqual(['baseline', 'nac', 'nac-clock']);
});

test('a built-in world without a run is played next to the agent that ships for it, beyond its training', async () => {
  const { address } = await running(['watch', '--env', 'CountCoins-v0'], 'stdout');
  expect(address.search).toBe('?t=10');
  const { agents, world } = await (await pageAt(address)).hello();
  expect(world.id).toBe('CountCoins-v0');
  expect(agents.map(({ pathway, frames }) => [pathway, frames! > 0])).toEqual([
    ['nac-counter', true],
  ]);
});

test('another world without a run is played next to an untrained agent, which is removed in the end', async () => {
  const { child, address, exit } = await running(
    ['watch', '--env', './examples/knock.ts'],
    'stdout',
  );
  expect(address.search).toBe('?policy=sample');
  const page = await pageAt(address);
  const { agents, world } = await page.hello();
  const { path } = agents[0]!;
  expect(fs.existsSync(path)).toBe(true);
  expect(world.id).toBe('Knock-v0');
  expect(agents.map(({ frames, checkpoint }) => [frames, checkpoint !== null])).toEqual([
    [0, true],
  ]);
  page.send({ kind: 'play', id: 1, number: 12, seed: 0, actions: [0, 0] });
  await page.until(() => page.of('steps').find(({ id }) => id === 1));
  child.kill('SIGINT');
  expect(await exit).toBe(0);
  expect(fs.existsSync(path)).toBe(false);
});
