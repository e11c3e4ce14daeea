import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { timegridProcess } from './program.ts';

/** Prints the greatest memory that the process had, as Linux tells it, when the process ends. */
const hook = `
import fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';
if (isMainThread) process.on('exit', () => {
  const [, peak] = /VmHWM:\\s+(\\d+) kB/.exec(fs.readFileSync('/proc/self/status', 'utf8'));
  fs.writeSync(2, 'peak ' + peak + ' kB');
});`;

test.runIf(process.platform === 'linux')(
  'the large network on two threads stays under 800 MB',
  async () => {
    const run = join(temporaryFolder(), 'run');
    const args = ['train', '--preset', 'a3c', '--threads', '2', '--frames', '9600', '--run', run];
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(hook)}`;
    const { exitCode, stderr } = await timegridProcess(args, { NODE_OPTIONS });
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const peak = Number(/peak (\d+) kB$/.exec(stderr)![1]);
    expect(peak / 1024).toBeGreaterThan(100);
    expect(peak / 1024).toBeLessThan(800);
  },
);
