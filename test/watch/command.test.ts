import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { timegrid } from '../cli/timegrid.ts';
import { busyPort, pageAt, running } from './running-command.ts';
import { savedPair } from './watching.ts';

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

test('a world without a run is played beside an agent that has learned nothing, which is gone in the end', async () => {
  const { child, address, exit } = await running(['watch', '--env', 'TwoTimes-v0'], 'stdout');
  expect(address.search).toBe('?policy=sample');
  const page = await pageAt(address);
  const { agents, world } = await page.hello();
  const { path } = agents[0]!;
  expect(fs.existsSync(path)).toBe(true);
  expect(world.id).toBe('TwoTimes-v0');
  expect(agents.map(({ frames, checkpoint }) => [frames, checkpoint !== null])).toEqual([
    [0, true],
  ]);
  page.send({ kind: 'play', id: 1, number: 12, seed: 0, actions: [4, 4] });
  await page.until(() => page.of('steps').find(({ id }) => id === 1));
  child.kill('SIGINT');
  expect(await exit).toBe(0);
  expect(fs.existsSync(path)).toBe(false);
});

describe('what cannot be is one sentence', () => {
  test.each([
    [['watch', '--verify'], /--verify takes a replay file\n$/],
    [['watch', '--env', 'TwoTime-v0'], /did you mean "TwoTimes-v0"/],
    [['watch', 'nowhere'], /there is no run at nowhere/],
    [['watch', 'a', 'b', 'c', 'd', 'e'], /at most 4 runs are watched at once, not 5/],
    [['watch', 'a', '--verify'], /--verify takes a replay file, and a is none/],
    [['watch', 'a', '--port', '70000'], /--port takes a whole number from 1 to 65535/],
    [['watch', 'a', '--checkpoint', 'lst'], /did you mean "last"/],
    [['watch', 'package.json', 'a'], /a replay file is watched alone/],
    [['watch', 'package.json'], /package.json is no replay/],
  ])('%j', async (args, sentence) => {
    const { stderr, stdout, exitCode } = await timegrid(args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a busy port', async () => {
    const port = await busyPort();
    const [run] = savedPair();
    const { stderr, exitCode } = await timegrid(['watch', run, '--port', String(port)]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `timegrid: port ${port} is in use; choose another one, or name none to have a free one chosen\n`,
    );
  });
});
