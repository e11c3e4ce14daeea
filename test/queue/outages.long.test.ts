import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { queueKeys } from '../../src/queue/keys.ts';
import { timegrid } from '../cli/timegrid.ts';
import { Program, timegridProcess } from '../train/program.ts';
import {
  CHECKPOINT,
  endWorkers,
  LEASE,
  runOver,
  startWorker,
  TinyStudy,
  untilCheckpoint,
} from './queue-at-work.ts';
import { hasRedis, skipWithoutRedis, TestRedis } from './redis.ts';

skipWithoutRedis();

const keys = queueKeys('');
const LONG = { frames: 2 * CHECKPOINT, seeds: '1..2', agents: { clock: { agent: 'nac-clock' } } };
/** Milliseconds after which every lock has ended. */
const OUTAGE = 2.5 * LEASE * 1000;

let plain: TinyStudy;
beforeAll(async () => {
  if (!hasRedis) return;
  plain = new TinyStudy(LONG);
  const { exitCode, stderr } = await timegrid(plain.command('--jobs', '2'));
  expect(exitCode, stderr).toBe(0);
});

test('Redis killed and started again with its append-only file: workers train on, and nothing is lost', async () => {
  const redis = await TestRedis.start('--appendonly', 'yes');
  const study = new TinyStudy(LONG);
  const following = new Program(study.command('--queue', redis.address));
  const workers = [startWorker(redis), startWorker(redis)];
  const { key } = await study.run();
  await untilCheckpoint(redis, key);
  await redis.kill();
  await sleep(OUTAGE);
  await redis.restart();
  const ended = await following.ended;
  expect(ended.exitCode, ended.stderr).toBe(0);
  expect(study.results()).toEqual(plain.results());
  await endWorkers(workers);
  for (const { stderr } of [...workers, ended]) {
    expect(stderr).toMatch(/Redis is out of reach/);
    expect(stderr).toMatch(/Redis is back/);
  }
  const said = workers.map(({ stderr }) => stderr).join('');
  expect(said.match(/: finished$/gm)?.length).toBe(2);
});

test('Redis hangs for longer than a lock lasts: its worker goes on with the run that nobody else has taken', async () => {
  const redis = await TestRedis.start();
  const study = new TinyStudy({ ...LONG, seeds: '1' });
  const following = runOver(redis, study);
  const worker = startWorker(redis);
  const { key } = await study.run();
  await untilCheckpoint(redis, key);
  redis.signal('SIGSTOP');
  await sleep(OUTAGE);
  redis.signal('SIGCONT');
  await following;
  await endWorkers([worker]);
  expect(worker.stderr).not.toMatch(/taken it over/);
  expect(worker.stderr.match(/: finished$/gm)?.length).toBe(1);
  const name = 'clock-1.json';
  expect(study.results()).toEqual({ [name]: plain.results()[name] });
});

test('Redis comes back empty: the study declares its runs again', async () => {
  const redis = await TestRedis.start();
  const study = new TinyStudy(LONG);
  const following = new Program(study.command('--queue', redis.address));
  const worker = startWorker(redis, '--jobs', '2');
  const { key } = await study.run();
  await untilCheckpoint(redis, key);
  await redis.kill();
  await redis.restart();
  const ended = await following.ended;
  expect(ended.exitCode, ended.stderr).toBe(0);
  expect(ended.stderr).toMatch(/it was lost from the queue and is declared again/);
  expect(study.results()).toEqual(plain.results());
  await endWorkers([worker]);
});

test('a full Redis takes no runs, and refuses a checkpoint and a result until it has room: the worker offers them again', async () => {
  const redis = await TestRedis.start();
  const study = new TinyStudy({ ...LONG, seeds: '1' });
  const following = runOver(redis, study);
  const { key } = await study.run();
  while (!(await redis.client.exists(keys.job(key)))) await sleep(20);
  const worker = startWorker(redis);
  while ((await redis.client.hget(keys.state(key), 'share')) === null) await sleep(20);
  await redis.client.config('SET', 'maxmemory', '100kb');
  const other = new TinyStudy();
  const refused = await timegridProcess(other.command('--queue', redis.address, '--detach'));
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(
    /^timegrid: Redis at redis:\/\/127\.0\.0\.1:\d+ is full \(maxmemory\) and takes no more runs: give it more memory, or wait until runs have ended\n$/,
  );
  await worker.until(() =>
    /Redis is full \(maxmemory\) and does not take its checkpoint/.test(worker.stderr),
  );
  await worker.until(() => /100 %/.test(worker.stderr));
  // Past the end of its lock, which a full Redis still prolongs.
  await sleep(1.5 * LEASE * 1000);
  expect(await redis.client.exists(keys.lock(key))).toBe(1);
  await redis.client.config('SET', 'maxmemory', '0');
  await following;
  await endWorkers([worker]);
  expect(worker.stderr.match(/: finished$/gm)?.length).toBe(1);
  const name = 'clock-1.json';
  expect(study.results()).toEqual({ [name]: plain.results()[name] });
});

test('a Redis that throws away what it holds, one that asks for another password, and none at all are each one sentence', async () => {
  const redis = await TestRedis.start(
    '--maxmemory-policy',
    'allkeys-lru',
    '--requirepass',
    'right',
  );
  const status = async (address: string): Promise<string> =>
    (await timegridProcess(plain.command('--queue', address, '--status'))).stderr;
  const at = (password: string): string =>
    redis.address.replace('redis://', `redis://:${password}@`);
  expect(await status(at('right'))).toBe(
    `timegrid: ${redis.address} throws away what it holds when it is full (maxmemory-policy allkeys-lru), runs included: set it to noeviction\n`,
  );
  expect(await status(at('wrong'))).toBe(
    `timegrid: ${redis.address} refuses the user or the password: write user:password@ before the host, or the password into REDISCLI_AUTH\n`,
  );
  await redis.kill();
  expect(await status(at('right'))).toMatch(
    /^timegrid: cannot reach Redis at redis:\/\/127\.0\.0\.1:\d+ \(connect ECONNREFUSED [^)]*\): start it there, or check the address\n$/,
  );
});
