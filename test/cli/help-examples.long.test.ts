import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { hasRedis, TestRedis } from '../queue/redis.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { examplesOf } from './help-examples.ts';

const cli = fileURLToPath(new URL('../../dist/src/cli/timegrid.js', import.meta.url));

/** What makes an example short; given again, an option counts as it is given last. */
const SHORT: Readonly<Record<string, string>> = {
  train: '--frames 1280',
  study: '--frames 1280 --episodes 1 --numbers 5,6 --jobs 2',
  evaluate: '--episodes 2',
  explain: '--episodes 2',
  bench: '--seconds 0.02',
  numeracy: '--quick --seeds 1..2',
  worker: '--idle 0',
  page: '--episodes 2',
};

/** An example that takes no longer than a test may. */
function shortened(example: string): string {
  if (example.startsWith('echo ')) return example.replace('"3e5"', '1280');
  const last = example.split(' && ').at(-1)!;
  const command = last.split(' ')[1]!;
  // Options of trainings on this machine do nothing where other machines train.
  if (last.includes('--queue')) return `${example} --frames 1280`;
  return last.includes('--help') ? example : `${example} ${SHORT[command] ?? ''}`.trim();
}

/** Where examples have a queue. */
const QUEUE = 'redis://localhost:6379';

/** A folder with nothing in it, and `timegrid` on the path, as after an installation. */
function freshFolder() {
  const [folder, bin] = [temporaryFolder(), temporaryFolder()];
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`;
  fs.writeFileSync(join(bin, 'timegrid'), shim, { mode: 0o755 });
  return { cwd: folder, env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` } };
}

/** Runs a command line that serves a page until it says where, and ends it. */
async function serves(line: string, place: ReturnType<typeof freshFolder>): Promise<void> {
  const child = spawn('sh', ['-c', line], {
    ...{ ...place, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  const exit = new Promise((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
    await exit;
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const look = (text: Buffer): void => {
      output += text;
      if (/Watch at http|waiting for/i.test(output)) resolve();
    };
    child.stdout!.on('data', look);
    child.stderr!.on('data', look);
    child.once('close', () => reject(new Error(`${line}: ${output}`)));
  });
}

describe('each example of a help works after an installation, in an empty folder', () => {
  test.each(Object.keys(commands))(
    '%s',
    async (name) => {
      const place = freshFolder();
      const all = await examplesOf(name);
      // A whole benchmark takes minutes, and names nothing that could be missing.
      const examples = name === 'bench' ? all.filter((example) => / worlds /.test(example)) : all;
      const usesQueue = examples.some((example) => example.includes(QUEUE));
      const redis = usesQueue && hasRedis ? await TestRedis.start() : undefined;
      for (const given of examples) {
        if (given.includes(QUEUE) && !redis) continue;
        const example = given.replace(QUEUE, redis?.address ?? QUEUE);
        const isServer = /timegrid watch(?!.*--verify)/.test(example);
        if (isServer) {
          // One that waits for a run says nothing until there is one.
          if (!example.includes('--wait')) await serves(example, place);
          continue;
        }
        const run = promisify(execFile)('sh', ['-c', shortened(example)], place);
        await expect(run, example).resolves.toBeDefined();
      }
    },
    600_000,
  );
});
