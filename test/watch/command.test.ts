import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { timegrid } from '../cli/timegrid.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { Page, savedPair } from './stand.ts';

const cli = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

/** A running command, and the address that it has printed. */
async function running(args: readonly string[], stream: 'stdout' | 'stderr') {
  const child: ChildProcess = spawn(process.execPath, [cli, ...args], { stdio: 'pipe' });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  let output = '';
  const other = stream === 'stdout' ? 'stderr' : 'stdout';
  child[other]!.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const lines = createInterface({ input: child[stream]! });
  const address = await new Promise<URL>((resolve, reject) => {
    lines.on('line', (line) => {
      output += `${line}\n`;
      const found = /watch(?: it)? at (http:\S+)/i.exec(line);
      if (found) resolve(new URL(found[1]!));
    });
    child.once('close', () => reject(new Error(output)));
  });
  return { child, address, exit, output: () => output };
}

async function pageAt({ host }: URL): Promise<Page> {
  const socket = new WebSocket(`ws://${host}/socket`);
  onTestFinished(() => socket.terminate());
  const page = new Page(socket);
  await page.hello();
  return page;
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s says goodbye and ends well', async (signal) => {
  const { child, address, exit, output } = await running(['watch', ...savedPair()], 'stdout');
  const page = await pageAt(address);
  page.send({ kind: 'episode', id: 1, time: 9, seed: 3, policy: 'greedy', horizon: 2048 });
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

describe('what cannot be is one sentence', () => {
  test.each([
    [['watch', '--verify'], /--verify takes a replay file$/m],
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
    const other = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as net.AddressInfo;
    const [run] = savedPair();
    const { stderr, exitCode } = await timegrid(['watch', run, '--port', String(port)]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `timegrid: port ${port} is in use; choose another one, or leave --port out to have a free one chosen\n`,
    );
  });
});

const SMALL_TRAINING = [
  ...['--env-option', 'size=3', 'pixels=12', 'timeMin=2', 'timeMax=4', 'slack=4'],
  ...['--set', 'convolutions=[{"filters":4,"size":4,"stride":4}]', 'dense=8', 'lstm=8'],
  ...['--threads', '1', '--checkpoint-every', '3200'],
];

test('a training shows itself, and its page stays until it is asked to end', async () => {
  const run = join(temporaryFolder(), 'run');
  const args = ['train', '--run', run, '--frames', '25600', '--watch', ...SMALL_TRAINING];
  const { child, address, exit, output } = await running(args, 'stderr');
  const page = await pageAt(address);
  await page.until(() => {
    const agents = page.of('agents').at(-1)?.agents ?? page.of('hello')[0]!.agents;
    return agents[0]!.frames === 25_600;
  });
  page.send({ kind: 'episode', id: 1, time: 3, seed: 0, policy: 'greedy', horizon: 2048 });
  await page.ends(1, 1);
  await expect.poll(output, { timeout: 30_000 }).toContain('the page stays until Ctrl-C');
  const goodbye = new Promise<number>((resolve) => page.socket.once('close', resolve));
  child.kill('SIGINT');
  expect(await goodbye).toBe(1001);
  expect(await exit).toBe(0);
});

test('a training that is killed takes its page with it', async () => {
  const run = join(temporaryFolder(), 'run');
  const args = ['train', '--run', run, '--frames', '1e9', '--watch', ...SMALL_TRAINING];
  const { child, address, exit } = await running(args, 'stderr');
  const page = await pageAt(address);
  const goodbye = new Promise<number>((resolve) => page.socket.once('close', resolve));
  child.kill('SIGKILL');
  expect(await goodbye).toBe(1001);
  await exit;
});
