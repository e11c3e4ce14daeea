/**
 * A study of many tiny runs, done by workers of which one is killed every few seconds, on a real Redis: says whether a run was lost
 * or ended twice.
 *
 *   node dist/scripts/queue-soak.js [runs] [workers] [seconds between two kills]
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { Random } from '../env/index.ts';
import { queueKeys } from '../src/queue/keys.ts';
import { startRedis } from './own-redis.ts';

const [runs = 200, workers = 6, every = 5] = process.argv.slice(2).map(Number);
const LEASE = 3;
const cli = fileURLToPath(new URL('../src/cli/timegrid.js', import.meta.url));
const keys = queueKeys('');

const folder = mkdtempSync(join(tmpdir(), 'timegrid-soak-'));
const file = join(folder, 'soak.json');
const convolutions = [{ filters: 8, size: 4, stride: 4 }];
writeFileSync(
  file,
  JSON.stringify({
    ...{ title: 'Soak', frames: 3200, seeds: `1..${runs / 2}`, numbers: '3,4', episodes: 2 },
    envOptions: { size: 3, pixels: 24, timeMin: 3, timeMax: 6 },
    set: { convolutions, dense: 16, lstm: 16, nacWidth: 4, worlds: 16, steps: 10 },
    agents: { baseline: { agent: 'baseline' }, clock: { agent: 'nac-clock' } },
  }),
);

const redis = await startRedis();
const client = new Redis(redis.port);
await client.config('SET', 'notify-keyspace-events', 'K$');
const watcher = client.duplicate();
const stored = new Map<string, number>();
watcher.on('pmessage', (_pattern, channel: string) => {
  const key = channel.slice(channel.indexOf(keys.result('')));
  stored.set(key, (stored.get(key) ?? 0) + 1);
});
await watcher.psubscribe(`__keyspace@0__:${keys.result('')}*`);

const timegrid = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
const startWorker = () =>
  timegrid('worker', redis.address, '--jobs', '1', '--lease', String(LEASE));

const startedAt = performance.now();
const study = timegrid('study', file, '--queue', redis.address, '--folder', join(folder, 'out'));
let said = '';
study.stderr!.setEncoding('utf8').on('data', (text: string) => {
  said += text;
});
let code: number | null | undefined;
study.once('exit', (exitCode) => {
  code = exitCode;
});
const alive = Array.from({ length: workers }, startWorker);
const random = new Random(1);
let kills = 0;
for (let seconds = 0; code === undefined; seconds += 1) {
  await sleep(1_000);
  if (seconds % every !== every - 1) continue;
  const at = random.integer(0, alive.length - 1);
  alive[at]!.kill('SIGKILL');
  alive[at] = startWorker();
  kills += 1;
}
for (const worker of alive) worker.kill('SIGKILL');
const results = readdirSync(join(folder, 'out', 'results')).filter((name) => /\.json$/.test(name));
const twice = [...stored].filter(([, times]) => times !== 1);
const waiting = (await client.llen(keys.waiting)) + (await client.llen(keys.active));
const minutes = (performance.now() - startedAt) / 60_000;
console.log(
  `${runs} runs, ${workers} workers, ${kills} killed, in ${minutes.toFixed(1)} minutes: ` +
    `${results.length} results collected, ${stored.size} stored, ${twice.length} of them more than once, ${waiting} jobs left over`,
);
client.disconnect();
watcher.disconnect();
redis.close();
rmSync(folder, { recursive: true, force: true });
const isSound = code === 0 && results.length === runs && stored.size === runs && waiting === 0;
if (!isSound || twice.length > 0) {
  console.error(said.split('\n').slice(-20).join('\n'));
  process.exitCode = 1;
}
