import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, type TestContext, test } from 'vitest';
import { temporaryFolder } from './temporary.ts';

const script = fileURLToPath(new URL('./lock-folder.js', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

/** A process that locks the folder when told to. */
class Locker {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #words: AsyncIterator<string>;
  #errors = '';

  /** @param wrapper a command that runs another, in namespaces of its own */
  constructor(...wrapper: string[]) {
    const [command, ...args] = [...wrapper, process.execPath, script, folder];
    this.process = spawn(command!, args, { stdio: 'pipe' });
    onTestFinished(() => void this.process.kill('SIGKILL'));
    this.#words = createInterface(this.process.stdout)[Symbol.asyncIterator]();
    this.process.stderr.on('data', (text) => {
      this.#errors += text;
    });
  }

  async says(): Promise<string> {
    const { value } = await this.#words.next();
    // It waits for nobody: the kernel knows.
    expect(this.#errors).toBe('');
    return value;
  }

  /** @returns "locked", or why not */
  async lock(): Promise<string> {
    expect(await this.says()).toBe('ready');
    this.process.stdin.write('go\n');
    return this.says();
  }

  async kill(): Promise<void> {
    const closed = once(this.process, 'close');
    this.process.kill('SIGKILL');
    await closed;
  }
}

const owner = () => JSON.parse(fs.readFileSync(join(folder, 'lock', 'owner.json'), 'utf8'));

test('of many processes that find the lock of a dead one, one gets it', async () => {
  const dead = new Locker();
  expect(await dead.lock()).toBe('locked');
  await dead.kill();
  const racers = Array.from({ length: 6 }, () => new Locker());
  const answers = await Promise.all(racers.map((racer) => racer.lock()));
  const winner = racers[answers.indexOf('locked')]!;
  const lost = answers.filter((answer) => answer !== 'locked');
  expect(lost).toHaveLength(racers.length - 1);
  const holder = `${folder} is being trained by process ${winner.process.pid}; wait until it ends or stop it`;
  expect(new Set(lost)).toEqual(new Set([holder]));
});

test('a process that is stopped keeps its lock', async () => {
  const stopped = new Locker();
  expect(await stopped.lock()).toBe('locked');
  stopped.process.kill('SIGSTOP');
  expect(await new Locker().lock()).toContain(`by process ${stopped.process.pid};`);
});

test('a process ends although it holds a lock, and an orderly one leaves nothing behind', async () => {
  const holder = new Locker();
  expect(await holder.lock()).toBe('locked');
  expect(fs.readdirSync(join(folder, 'lock')).sort()).toEqual(['alive', 'beat', 'owner.json']);
  holder.process.stdin.end();
  expect(await once(holder.process, 'close')).toEqual([0, null]);
  expect(fs.readdirSync(folder)).toEqual([]);
});

const pids = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
const everything = [
  ...pids,
  '--net',
  '--ipc',
  '--uts',
  'sh',
  '-c',
  'hostname elsewhere; exec "$@"',
  'sh',
];

describe.each([
  ['process numbers', pids],
  ['process numbers, network and host name', everything],
])('between containers with their own %s', (_, wrapper) => {
  const requireNamespaces = (context: TestContext) => {
    const { status } = spawnSync(wrapper[0]!, [...wrapper.slice(1), 'true']);
    context.skip(status !== 0, 'only root may make namespaces');
  };

  test('a live process keeps its lock', async (context) => {
    requireNamespaces(context);
    const [inside, alsoInside, outside] = [
      new Locker(...wrapper),
      new Locker(...wrapper),
      new Locker(),
    ];
    expect(await inside.lock()).toBe('locked');
    const { pid, host } = owner();
    for (const other of [outside, alsoInside]) {
      expect(await other.lock()).toMatch(
        new RegExp(`^${folder} is being trained by process ${pid}`),
      );
    }
    expect(host === 'elsewhere').toBe(wrapper === everything);
  });

  test('the lock of a killed process is taken over', async (context) => {
    requireNamespaces(context);
    const inside = new Locker(...wrapper);
    expect(await inside.lock()).toBe('locked');
    await inside.kill();
    const outside = new Locker();
    expect(await outside.lock()).toBe('locked');
    expect(await new Locker(...wrapper).lock()).toContain(`by process ${outside.process.pid}`);
    await outside.kill();
    expect(await new Locker(...wrapper).lock()).toBe('locked');
  });
});
