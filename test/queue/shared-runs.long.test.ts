import { expect, test } from 'vitest';
import { queueKeys } from '../../src/queue/keys.ts';
import { refusal, timegrid } from '../cli/timegrid.ts';
import { Program } from '../train/program.ts';
import { tiny } from '../train/tiny.ts';
import { endWorkers, resultsIn, startWorker, TinyStudy } from './queue-at-work.ts';
import { skipWithoutRedis, TestRedis } from './redis.ts';

skipWithoutRedis();

const keys = queueKeys('');

test('two studies that share runs do each of them once; detached, they are looked at and collected from anywhere', async () => {
  const redis = await TestRedis.start();
  const baseline = { agent: 'baseline' };
  const one = new TinyStudy({ agents: { plain: baseline, clock: { agent: 'nac-clock' } } });
  const other = new TinyStudy({ seeds: '2..3', set: tiny, agents: { 'another name': baseline } });
  const queue = ['--queue', redis.address];
  const run = (study: TinyStudy, ...options: string[]) =>
    new Program(study.command(...queue, ...options)).ended;

  const before = await run(one, '--status');
  expect(before.stdout).toMatch(/^\w{8} {2}plain, seed 1 {2}not in the queue$/m);
  const declared = await run(one, '--detach');
  expect(declared.exitCode, declared.stderr).toBe(0);
  expect(declared.stderr).toMatch(/^4 of 4 runs are put into the queue at redis:/);
  const twice = await run(one, '--detach');
  expect(twice.stderr).toMatch(/^0 of 4 runs are put into the queue/);
  const shared = await run(other, '--detach');
  expect(shared.stderr).toMatch(/^1 of 2 runs are put into the queue/);
  expect(await redis.client.llen(keys.waiting)).toBe(5);
  expect((await run(one, '--status')).stdout).toMatch(
    /^\w{8} {2}clock, seed 2 {2}waiting\n\n0 of 4 finished, 4 waiting, 0.00 core-hours, 0 workers/m,
  );

  const workers = [startWorker(redis), startWorker(redis)];
  const [first, second] = await Promise.all([run(one), run(other)]);
  expect(first.exitCode, first.stderr).toBe(0);
  expect(second.exitCode, second.stderr).toBe(0);
  await endWorkers(workers);
  expect(await resultsIn(redis)).toHaveLength(5);
  const said = workers.map(({ stderr }) => stderr).join('');
  expect(said.match(/: finished$/gm)).toHaveLength(5);
  // What one study has trained is the other's under its own name.
  const [mine, yours] = [one.results(), other.results()] as Record<
    string,
    { agent: string; learning: object }
  >[];
  expect(yours!['another-name-2.json']!.agent).toBe('another name');
  expect(yours!['another-name-2.json']!.learning).toEqual(mine!['plain-2.json']!.learning);

  const plain = new TinyStudy({ seeds: '2..3', set: tiny, agents: { 'another name': baseline } });
  await timegrid(plain.command());
  expect(other.results()).toEqual(plain.results());

  const status = JSON.parse((await run(one, '--status', '--json')).stdout);
  expect(status).toMatchObject({ finished: 4, failed: 0, atWork: 0, waiting: 0, share: 1 });
  expect(status.runs[0]).toMatchObject({ agent: 'plain', seed: 1, state: 'collected' });
  expect(status.coreHours).toBeGreaterThan(0);
});

test('Ctrl-C leaves the runs in the queue', async () => {
  const redis = await TestRedis.start();
  const study = new TinyStudy({ seeds: '1' });
  const following = new Program(study.command('--queue', redis.address));
  await following.until(() => following.stderr.includes('2 waiting'));
  const ended = await following.signal('SIGINT');
  expect(ended.exitCode).toBe(130);
  expect(ended.stderr).toMatch(
    /the runs stay in the queue; run the same command again to follow and collect them\n$/,
  );
  expect(await redis.client.llen(keys.waiting)).toBe(2);
});

test('options that contradict each other are refused in a sentence', async () => {
  const study = new TinyStudy();
  const queue = ['--queue', 'redis://:secret@localhost:1'];
  expect(await refusal(study.command('--detach'))).toBe(
    '--detach does nothing without --queue, which says where the runs go: leave it out',
  );
  expect(await refusal(study.command(...queue, '--jobs', '2'))).toBe(
    '--jobs does nothing with --queue, whose runs other machines do: leave it out',
  );
  expect(await refusal(study.command(...queue, '--status', '--detach'))).toBe(
    '--detach does nothing with --status: leave it out',
  );
  expect(await refusal(study.command(...queue, '--status', '--watch'))).toBe(
    '--watch does nothing with --status, which looks once: leave it out',
  );
  expect(await refusal(study.command(...queue, '--detach', '--watch'))).toBe(
    '--watch does nothing with --detach, which follows no run: leave it out',
  );
  expect(await refusal(study.command(...queue), 1)).toBe(
    'cannot reach Redis at redis://localhost:1 (connect ECONNREFUSED 127.0.0.1:1): start it there, or check the address',
  );
});
