import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { queueKeys } from '../../src/queue/keys.ts';
import { timegrid } from '../cli/timegrid.ts';
import { pageAt } from '../server/running-command.ts';
import { Program } from '../train/program.ts';
import {
  CHECKPOINT,
  endWorkers,
  startWorker,
  TinyStudy,
  untilCheckpoint,
} from './queue-at-work.ts';
import { skipWithoutRedis, TestRedis } from './redis.ts';

skipWithoutRedis();

const few = { frames: 3 * CHECKPOINT, seeds: '1', agents: { clock: { agent: 'nac-clock' } } };
const copiesOf = ({ pid }: Program): string[] =>
  fs.readdirSync(tmpdir()).filter((name) => name.startsWith(`timegrid-study-${pid}-`));

/** Follows a study until its page is there. */
async function watch(redis: TestRedis, study: TinyStudy, ...options: string[]) {
  const queue = ['--queue', redis.address, ...options];
  const following = new Program(study.command(...queue, '--watch'));
  await following.until(() => /Watch at \S+\n/.test(following.stderr));
  const page = await pageAt(new URL(/Watch at (\S+)/.exec(following.stderr)![1]!));
  return { following, page };
}

test('the page of a study shows how its runs stand and learn on other machines, and nothing of it is in the study', async () => {
  const redis = await TestRedis.start();
  const study = new TinyStudy({ ...few, frames: 1e9 });
  const worker = startWorker(redis);
  const { following, page } = await watch(redis, study);
  const { summary, runs } = await page.until(() => page.of('study')[0]);
  expect(summary).toMatch(
    /^0 of 1 finished, 1 at work, about .+ left, \d\.\d\d core-hours, 1 worker on 1 machine$/,
  );
  expect(runs).toEqual([expect.stringMatching(/^\w{8} {2}clock {2}at work, \d+ %, on /)]);
  await page.until(() =>
    page.of('curve').some(({ from, frames }) => from > 0 && frames.length > 0),
  );
  page.send({ kind: 'episode', id: 1, number: 3, seed: 0, policy: 'greedy', horizon: 2048 });
  await page.ends(1, 1);
  expect(copiesOf(following)).toHaveLength(1);

  const ended = await following.signal('SIGINT');
  expect(ended.exitCode, ended.stderr).toBe(130);
  expect(copiesOf(following)).toEqual([]);
  expect(fs.existsSync(join(study.folder, 'runs'))).toBe(false);
  await endWorkers([worker]);
});

test('the page stays when all runs are finished, and their results are those of the plain study', async () => {
  const redis = await TestRedis.start();
  const [study, plain] = [new TinyStudy(few), new TinyStudy(few)];
  await timegrid(study.command('--queue', redis.address, '--detach'));
  const worker = startWorker(redis, '--lease', '60');
  await untilCheckpoint(redis, (await study.run()).key);
  // It uploads no more until the page has what there is.
  worker.process.kill('SIGSTOP');
  const { following, page } = await watch(redis, study);
  worker.process.kill('SIGCONT');
  await page.until(() => page.of('study').at(-1)?.summary.startsWith('1 of 1 finished'));
  await following.until(() => following.stderr.includes('the page stays open until Ctrl-C'));
  await endWorkers([worker]);
  const ended = await following.signal('SIGINT');
  expect(ended.exitCode, ended.stderr).toBe(0);
  expect(copiesOf(following)).toEqual([]);
  await timegrid(plain.command());
  expect(study.results()).toEqual(plain.results());
});

test('a checkpoint that is not one of the declared training is not shown, and says so', async () => {
  const redis = await TestRedis.start();
  const [study, other] = [new TinyStudy(few), new TinyStudy({ ...few, seeds: '2..2' })];
  await timegrid(other.command('--queue', redis.address, '--detach'));
  const worker = startWorker(redis);
  const [{ key }, run] = [await other.run(), await study.run()];
  await untilCheckpoint(redis, key);
  await endWorkers([worker]);
  const keys = queueKeys('');
  await redis.client.copy(keys.checkpoint(key), keys.checkpoint(run.key));
  const following = new Program(study.command('--queue', redis.address, '--watch'));
  await following.until(() => following.stderr.includes('cannot be shown'));
  expect(following.stderr).toMatch(
    /^clock: its checkpoint in the queue cannot be shown: .+ is of another training: its seed is 2/m,
  );
  await following.signal('SIGINT');
  expect(following.stderr).not.toContain('Watch at');
  expect(copiesOf(following)).toEqual([]);
});

test("a world of the user's own is taken from where the study has it", async () => {
  const redis = await TestRedis.start();
  const env = { env: './troubled.ts', envOptions: {} };
  const study = new TinyStudy({ ...few, ...env, frames: 1e9 });
  fs.copyFileSync('test/train/troubled-grid.ts', join(study.home, 'troubled.ts'));
  const worker = startWorker(redis, '--allow-code');
  const { following, page } = await watch(redis, study, '--allow-code');
  await page.until(() => page.of('curve').some(({ frames }) => frames.length > 0));
  expect((await page.hello()).agents).toMatchObject([{ pathway: 'nac-clock' }]);
  await following.signal('SIGINT');
  await endWorkers([worker]);
});
