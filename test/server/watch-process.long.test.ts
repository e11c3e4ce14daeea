import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WatchProcess } from '../../dist/src/server/watch-process.js';
import { timegrid } from '../cli/timegrid.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { type Page, savedPair } from '../watch/watching.ts';
import { busyPort, cli, pageAt, running } from './running-command.ts';

// The server gives way to all else, so that on a busy machine it takes its time.
vi.setConfig({ testTimeout: 300_000 });

const SMALL_WORLD = ['--env-option', 'size=3', 'pixels=12', 'timeMin=2', 'timeMax=4', 'slack=4'];
const SMALL_AGENT = [
  '--set',
  'convolutions=[{"filters":4,"size":4,"stride":4}]',
  'dense=8',
  'lstm=8',
];
const SMALL_TRAINING = [
  ...SMALL_WORLD,
  ...SMALL_AGENT,
  '--threads',
  '1',
  '--checkpoint-every',
  '3200',
];
/** The agents as the page was told of them last. */
const agentsOf = (page: Page) => page.of('agents').at(-1)?.agents ?? page.of('hello')[0]!.agents;
const closed = (page: Page) => new Promise<number>((resolve) => page.socket.once('close', resolve));
const study = (folder: string, frames: string): string[] => [
  ...['study', '--folder', folder, '--frames', frames, '--jobs', '2'],
  ...['--numbers', '3', '--episodes', '5', ...SMALL_WORLD, ...SMALL_AGENT],
];

test('a training has a page, which stays until it is asked to end', async () => {
  const run = join(temporaryFolder(), 'run');
  const args = ['train', '--run', run, '--frames', '25600', '--watch', ...SMALL_TRAINING];
  const { child, address, exit, output } = await running(args, 'stderr');
  const page = await pageAt(address);
  await page.until(() => agentsOf(page)[0]!.frames === 25_600);
  page.send({ kind: 'episode', id: 1, number: 3, seed: 0, policy: 'greedy', horizon: 2048 });
  await page.ends(1, 1);
  await expect.poll(output, { timeout: 200_000 }).toContain('the page stays open until Ctrl-C');
  const goodbye = closed(page);
  child.kill('SIGINT');
  expect(await goodbye).toBe(1001);
  expect(await exit).toBe(0);
});

test('a training that is killed takes its page with it', async () => {
  const run = join(temporaryFolder(), 'run');
  const args = ['train', '--run', run, '--frames', '1e9', '--watch', ...SMALL_TRAINING];
  const { child, address, exit } = await running(args, 'stderr');
  const page = await pageAt(address);
  const goodbye = closed(page);
  child.kill('SIGKILL');
  expect(await goodbye).toBe(1001);
  await exit;
});

test('a page is told of every agent of a study while they learn, and goes when it is stopped', async () => {
  const args = [...study(join(temporaryFolder(), 'study'), '1e9'), '--watch'];
  const { child, address, exit, output } = await running(args, 'stderr');
  expect(output()).toMatch(/^the page is starting; its address follows$/m);
  const page = await pageAt(address);
  const pathways = () => agentsOf(page).map(({ pathway }) => pathway);
  await page.until(() => pathways().join() === 'baseline,nac');
  for (const agent of [0, 1]) {
    await page.until(() =>
      page.of('curve').some((curve) => curve.agent === agent && curve.frames.length > 0),
    );
  }
  const goodbye = closed(page);
  child.kill('SIGINT');
  expect(await goodbye).toBe(1001);
  expect(await exit).toBe(130);
});

test('the page of a study stays after the table, until it is asked to end', async () => {
  const args = [...study(join(temporaryFolder(), 'study'), '12800'), '--watch'];
  const { child, address, exit, output } = await running(args, 'stderr');
  await expect.poll(output, { timeout: 200_000 }).toContain('the page stays open until Ctrl-C');
  expect(output()).toMatch(/baseline[\s\S]*nac[\s\S]*the page stays/);
  const page = await pageAt(address);
  await page.until(() => agentsOf(page).every(({ frames }) => frames === 12_800));
  child.kill('SIGINT');
  expect(await exit).toBe(0);
});

test.each([
  ['train', (folder: string) => ['train', '--run', folder, '--frames', '1e9', ...SMALL_TRAINING]],
  ['study', (folder: string) => study(folder, '1e9')],
])('%s does not even begin where the port of its page is busy', async (_, args) => {
  const port = await busyPort();
  const folder = join(temporaryFolder(), 'new');
  const { stderr, stdout, exitCode } = await timegrid([...args(folder), '--watch', String(port)]);
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
  expect(stderr).toMatch(`timegrid: port ${port} is in use; `);
  expect(fs.existsSync(folder)).toBe(false);
});

test('a server whose training is gone before it has come up ends', async () => {
  const [run] = savedPair();
  // Spawns the server as a training does, and is dead before that can have loaded anything.
  const training = `
    const { spawn } = require('node:child_process');
    const server = spawn(process.execPath, ${JSON.stringify([cli, 'watch', '--wait', run])}, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true,
    });
    require('node:fs').writeSync(1, String(server.pid));
    process.kill(process.pid, 'SIGKILL');`;
  const parent = spawn(process.execPath, ['-e', training], { stdio: ['ignore', 'pipe', 'pipe'] });
  let server = '';
  let errors = '';
  parent.stdout.setEncoding('utf8').on('data', (text) => {
    server += text;
  });
  parent.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  let isOver = false;
  onTestFinished(() => void (isOver || process.kill(Number(server), 'SIGKILL')));
  // Both hold it open.
  await new Promise((resolve) => parent.stderr.once('close', resolve));
  isOver = true;
  expect(server).toMatch(/^\d+$/);
  expect(errors).toBe('');
});

const threadsOf = (pid: number | string): number[] =>
  fs.readdirSync(`/proc/${pid}/task`).map(Number);
const childrenOf = (pid: number): string[] =>
  threadsOf(pid).flatMap((thread) =>
    fs.readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );

test.skipIf(process.platform !== 'linux')(
  'the server comes up like any program, and then gives way with all its threads',
  async () => {
    const before = childrenOf(process.pid);
    let server: string | undefined;
    const told = new Promise<string>((resolve) => {
      const watch = new WatchProcess(savedPair(), true, resolve);
      onTestFinished(() => watch.end());
      watch.begin();
      server = childrenOf(process.pid).find((pid) => !before.includes(pid));
    });
    expect(os.getPriority(Number(server))).toBe(os.getPriority());
    expect(await told).toMatch(/^Watch at http:/);
    const priorities = threadsOf(server!).map((thread) => os.getPriority(thread));
    expect(priorities.length).toBeGreaterThan(1);
    expect(Math.min(...priorities)).toBeGreaterThan(os.getPriority());
  },
);
