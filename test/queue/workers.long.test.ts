import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { queueKeys } from '../../src/queue/keys.ts';
import { openRun, readRunMetrics } from '../../src/run/folder.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { timegrid } from '../cli/timegrid.ts';
import { savedFrames } from '../train/evidence.ts';
import {
  CHECKPOINT,
  endWorkers,
  newFolder,
  resultsIn,
  runOver,
  startWorker,
  TinyStudy,
  untilCheckpoint,
} from './queue-at-work.ts';
import { hasRedis, skipWithoutRedis, TestRedis } from './redis.ts';

skipWithoutRedis();

const keys = queueKeys('');
/** One training with three checkpoints, the last at its end. */
const LONG = { frames: 3 * CHECKPOINT, seeds: '1', agents: { clock: { agent: 'nac-clock' } } };

let plain: TinyStudy;
let plainLong: TinyStudy;
beforeAll(async () => {
  if (!hasRedis) return;
  plain = new TinyStudy();
  plainLong = new TinyStudy(LONG);
  for (const study of [plain, plainLong]) {
    const { exitCode, stderr } = await timegrid(study.command('--jobs', '2'));
    expect(exitCode, stderr).toBe(0);
  }
});

/** What a training has come to, without what a clock says. */
function trained(path: string) {
  const run = openRun(path);
  const { frames, tensors, state } = loadCheckpoint(run, 'last');
  const { seconds: _, ...log } = state.log as Record<string, unknown>;
  const metrics = readRunMetrics(run).map(({ seconds: _, framesPerSecond: __, ...rest }) => rest);
  return { frames, tensors, state: { ...state, log }, metrics };
}

describe.each([2, 4])('%i workers', (count) => {
  test('do every run once, to the bits of the plain study', async () => {
    const redis = await TestRedis.start();
    const study = new TinyStudy();
    const workers = Array.from({ length: count }, () => startWorker(redis));
    const ended = await runOver(redis, study);
    expect(ended.stdout).toMatch(/│ baseline .*│ clock/);
    expect(study.results()).toEqual(plain.results());
    const declared = (await study.runs()).map(({ key }) => key).sort();
    expect(await resultsIn(redis)).toEqual(declared);
    await endWorkers(workers);
    // Each has ended once, for one worker.
    const said = workers.map(({ stderr }) => stderr).join('');
    expect(said.match(/^.*: finished$/gm)?.length).toBe(declared.length);
    // Redis holds results, and nothing else of a run that is over.
    const names = await redis.client.keys('*');
    expect(names.filter((name) => name.includes(':checkpoint:'))).toEqual([]);
    for (const key of declared) {
      expect(names).not.toContain(keys.job(key));
      expect(await redis.client.ttl(keys.result(key))).toBeGreaterThan(13 * 86_400);
    }
    const report = fs.readFileSync(join(study.folder, 'report.md'), 'utf8');
    expect(report).toContain('# Tiny');
    const [{ machine, coreSeconds }] = fs
      .readdirSync(join(study.folder, 'results'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(fs.readFileSync(join(study.folder, 'results', name), 'utf8')));
    expect(machine).toMatchObject({ host: expect.any(String), cpu: expect.any(String) });
    expect(machine.versions.timegrid).toMatch(/^\d+\.\d+/);
    expect(coreSeconds).toBeGreaterThan(0);
  });
});

test('a run trained by three workers in turn, one killed and one stopped, has the bits of one trained at once', async () => {
  const redis = await TestRedis.start();
  const study = new TinyStudy(LONG);
  const { key } = await study.run();
  const following = runOver(redis, study);
  const first = startWorker(redis);
  const early = await untilCheckpoint(redis, key);
  await first.signal('SIGKILL');
  const second = startWorker(redis);
  await second.until(() => /\d %/.test(second.stderr));
  await untilCheckpoint(redis, key, early);
  await endWorkers([second]);
  expect(second.stderr).toMatch(/given back/);
  // It was given back at no cost: nothing waits for the end of a lock.
  expect(await redis.client.exists(keys.lock(key))).toBe(0);
  expect(await redis.client.lrange(keys.waiting, 0, -1)).toEqual([key]);
  const artifacts = newFolder();
  const third = startWorker(redis, '--artifacts', artifacts);
  await following;
  await endWorkers([third]);
  expect(study.results()).toEqual(plainLong.results());
  const { path } = await plainLong.run();
  expect(trained(join(artifacts, 'runs', key))).toEqual(trained(path));
});

test('a worker that was paused past its lock can overwrite nothing', async () => {
  const redis = await TestRedis.start();
  const study = new TinyStudy(LONG);
  const { key } = await study.run();
  const following = runOver(redis, study);
  const first = startWorker(redis);
  await untilCheckpoint(redis, key);
  first.process.kill('SIGSTOP');
  const token = await redis.client.hget(keys.state(key), 'token');
  const second = startWorker(redis);
  // As soon as the other has the run, the first one wakes up, with a checkpoint of its own to upload.
  while ((await redis.client.hget(keys.state(key), 'token')) === token) await sleep(20);
  first.process.kill('SIGCONT');
  await first.until(() => first.stderr.includes('another worker has taken it over'));
  await following;
  await endWorkers([first, second]);
  expect(second.stderr).toMatch(/: finished$/m);
  expect(first.stderr).not.toMatch(/: finished$/m);
  expect(study.results()).toEqual(plainLong.results());
});

test('with a shared folder, checkpoints and results stay there, and another worker goes on from them', async () => {
  const redis = await TestRedis.start();
  const artifacts = newFolder();
  const study = new TinyStudy(LONG);
  const { key } = await study.run();
  const following = runOver(redis, study);
  const path = join(artifacts, 'runs', key);
  const first = startWorker(redis, '--artifacts', artifacts);
  await first.until(() => savedFrames(path) > 0);
  await first.signal('SIGKILL');
  const second = startWorker(redis, '--artifacts', artifacts);
  await following;
  await endWorkers([second]);
  expect(await redis.client.keys(`${keys.checkpoint('')}*`)).toEqual([]);
  expect(fs.existsSync(join(artifacts, 'results', `${key}.json`))).toBe(true);
  expect(study.results()).toEqual(plainLong.results());
});
