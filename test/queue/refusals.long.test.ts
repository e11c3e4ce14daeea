import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { queueKeys } from '../../src/queue/keys.ts';
import { timegrid } from '../cli/timegrid.ts';
import { write } from '../plugins/files.ts';
import { Program } from '../train/program.ts';
import { tiny } from '../train/tiny.ts';
import { endWorkers, newFolder, runOver, startWorker, TinyStudy } from './queue-at-work.ts';
import { hasRedis, skipWithoutRedis, TestRedis } from './redis.ts';

skipWithoutRedis();

const keys = queueKeys('');
const root = fileURLToPath(new URL('../..', import.meta.url));
const ONE = { seeds: '1', agents: { clock: { agent: 'nac-clock' } } };

let plain: TinyStudy;
beforeAll(async () => {
  if (!hasRedis) return;
  plain = new TinyStudy(ONE);
  const { exitCode, stderr } = await timegrid(plain.command());
  expect(exitCode, stderr).toBe(0);
});

/** This very program, as a later version of it. */
function otherVersion(): string {
  const folder = newFolder();
  fs.cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
  fs.symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  fs.symlinkSync(join(root, 'vendor'), join(folder, 'vendor'));
  const about = JSON.parse(fs.readFileSync(join(root, 'package.json'), 'utf8'));
  fs.writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...about, version: '99.0.0' }));
  return join(folder, 'dist/src/cli/timegrid.js');
}

test('a worker of another version refuses the run and says so, and one of the right version does it', async () => {
  const redis = await TestRedis.start();
  const study = new TinyStudy(ONE);
  const following = new Program(study.command('--queue', redis.address));
  // Another program at the place of this one.
  const other = new Program(
    ['worker', redis.address, '--jobs', '1'],
    { OTHER: otherVersion() },
    'node=$1; shift 2; exec "$node" "$OTHER" "$@"',
  );
  await following.until(() => following.stderr.includes('refused by'));
  const sentence =
    /it was declared by timegrid [\d.]+, and this is 99\.0\.0: use the version that declared it/;
  expect(following.stderr).toMatch(sentence);
  expect(other.stderr).toMatch(sentence);
  await endWorkers([other]);
  const right = startWorker(redis);
  const ended = await following.ended;
  expect(ended.exitCode, ended.stderr).toBe(0);
  await endWorkers([right]);
  expect(study.results()).toEqual(plain.results());
});

test("a world of the user's own: refused without it, or with another fingerprint; done with it, or where code may come along", async () => {
  const redis = await TestRedis.start();
  const agents = { small: { agent: 'baseline' } };
  const world = { env: './own/troubled.ts', envOptions: {}, set: tiny, agents };
  const study = new TinyStudy({ ...world, seeds: '1' });
  const text = fs.readFileSync(join(root, 'test/train/troubled-grid.ts'), 'utf8');
  write(study.home, {
    'own/troubled.ts': `import '../shared/nothing.ts';\n${text}`,
    'shared/nothing.ts': 'export {};\n',
  });
  const changed = join(newFolder(), 'troubled.ts');
  fs.writeFileSync(changed, text);
  const following = new Program(study.command('--queue', redis.address, '--allow-code'));
  const without = startWorker(redis);
  const wrong = startWorker(redis, '--env', changed);
  const needs =
    /it needs a world of its user's own \(sha256:\w+\) that this worker does not have: name its file with --env, or give --allow-code/;
  await following.until(() => needs.test(following.stderr));
  await without.until(() => needs.test(without.stderr));
  await wrong.until(() => needs.test(wrong.stderr));
  await endWorkers([without, wrong]);
  const right = startWorker(redis, '--env', join(study.home, 'own/troubled.ts'));
  const ended = await following.ended;
  expect(ended.exitCode, ended.stderr).toBe(0);
  await endWorkers([right]);
  const done = study.results();
  await redis.client.flushall();
  fs.rmSync(study.folder, { recursive: true });
  const trusting = startWorker(redis, '--allow-code');
  await runOver(redis, study, '--allow-code');
  await endWorkers([trusting]);
  expect(study.results()).toEqual(done);
});

test('poisoned jobs are taken out of the queue, and hold up nothing', async () => {
  const redis = await TestRedis.start();
  const study = new TinyStudy({ ...ONE, seeds: '1..4' });
  const declared = await new Program(study.command('--queue', redis.address, '--detach')).ended;
  expect(declared.exitCode, declared.stderr).toBe(0);
  const { client } = redis;
  const [notJson, oversized, escaping, sound] = (await study.runs()).map(({ key }) => key) as [
    string,
    string,
    string,
    string,
  ];
  await client.hset(keys.job(notJson), 'data', '{"format": 1, ');
  await client.hset(keys.job(oversized), 'data', JSON.stringify({ pad: 'x'.repeat(2 ** 21) }));
  const job = JSON.parse((await client.hget(keys.job(escaping), 'data'))!);
  job.world = { version: 'sha256:0', given: '#../../../evil.js' };
  await client.hset(keys.job(escaping), 'data', JSON.stringify(job));
  // What is no run's, and no job at all.
  await client.set(keys.job('text'), 'not a hash');
  await client.rpush(keys.waiting, 'text', '../../../etc/passwd', 'gone');
  const worker = startWorker(redis);
  const ended = await new Program(study.command('--queue', redis.address)).ended;
  expect(ended.exitCode).toBe(1);
  expect(ended.stderr).toMatch(/seed 1: failed: the job cannot be read: .*JSON/);
  expect(ended.stderr).toMatch(/seed 2: failed: the job \w+ cannot be read: .*more than 1 MiB/);
  expect(ended.stderr).toMatch(/seed 3: failed: the job \w+ cannot be read: its key is not that/);
  expect(ended.stderr).toMatch(/3 of 4 runs failed, and are named in the report; the first is/);
  expect(Object.keys(study.results())).toEqual(['clock-4.json']);
  expect(await client.exists(keys.result(sound))).toBe(1);
  while ((await client.llen(keys.waiting)) > 0) await sleep(50);
  await endWorkers([worker]);
  expect(await client.llen(keys.active)).toBe(0);
});

test('a checkpoint that is too large, or not what it says, counts for nothing', async () => {
  const redis = await TestRedis.start();
  const { client } = redis;
  for (const tensors of [Buffer.alloc(2 ** 26), Buffer.from('tensors')]) {
    await client.flushall();
    const study = new TinyStudy(ONE);
    const { key } = await study.run();
    const file = 'tensors.safetensors';
    const others = { 'run.json': '{}', 'metrics.jsonl': '', 'state.json': '{"frames": 1}' };
    const logs = { 'events.out.tfevents.timegrid': '' };
    await client.hset(keys.checkpoint(key), { ...others, ...logs, [file]: tensors });
    const worker = startWorker(redis);
    await runOver(redis, study);
    await endWorkers([worker]);
    expect(worker.stderr).toMatch(/its checkpoint in the queue cannot be used: /);
    expect(study.results()).toEqual(plain.results());
  }
});

test('a run that fails for a reason of its own is not tried again, and named in the report', async () => {
  const redis = await TestRedis.start();
  const world = fs.readFileSync(join(root, 'test/train/troubled-grid.ts'), 'utf8');
  const agents = {
    sound: { agent: 'baseline' },
    falling: { agent: 'baseline', envOptions: { trouble: 'throw' } },
    diverging: { agent: 'baseline', set: { learningRate: 1e30 } },
  };
  const study = new TinyStudy({
    seeds: '1',
    env: './troubled.ts',
    envOptions: {},
    set: tiny,
    agents,
  });
  write(study.home, { 'troubled.ts': world });
  const worker = startWorker(redis, '--env', join(study.home, 'troubled.ts'));
  const command = study.command('--queue', redis.address, '--allow-code');
  const ended = await new Program(command).ended;
  expect(ended.exitCode, ended.stderr).toBe(1);
  expect(ended.stderr).toMatch(
    /^timegrid: 2 of 3 runs failed, and are named in the report; the first is falling: .*the floor gave way/m,
  );
  const report = fs.readFileSync(join(study.folder, 'report.md'), 'utf8');
  expect(report).toMatch(
    /## Runs that failed\n\nThey have no result[^\n]*\n\n- \*\*falling, seed 1\*\*: .*the floor gave way.*\n- \*\*diverging, seed 1\*\*: .*\n/,
  );
  const { runs, failed } = JSON.parse(fs.readFileSync(join(study.folder, 'report.json'), 'utf8'));
  expect(runs.map(({ agent }: { agent: string }) => agent)).toEqual(['sound']);
  expect(failed).toMatchObject([{ agent: 'falling' }, { agent: 'diverging' }]);
  const again = await new Program(command).ended;
  expect(again.stderr).toMatch(/falling: failed: .*the floor gave way/);
  await endWorkers([worker]);
  expect(worker.stderr.match(/: failed: /g)?.length).toBe(2);
});

test('passwords are in no folder, report, log or key, over TLS, with a key prefix', async (context) => {
  const home = newFolder();
  const at = (name: string): string => join(home, name);
  const made = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
  ];
  const names = [
    '-addext',
    'subjectAltName=DNS:localhost',
    '-keyout',
    at('key'),
    '-out',
    at('cert'),
  ];
  try {
    execFileSync('openssl', [...made, ...names], { stdio: 'ignore' });
  } catch {
    context.skip('there is no openssl to make a certificate');
  }
  const PASSWORD = 'sesame-open-42';
  const tls = [
    '--tls-cert-file',
    at('cert'),
    '--tls-key-file',
    at('key'),
    '--tls-auth-clients',
    'no',
  ];
  const redis = await TestRedis.start('--requirepass', PASSWORD, '--tls-port', '0', ...tls);
  await redis.listenSecurely(PASSWORD);
  const address = `rediss://:${PASSWORD}@localhost:${redis.securePort}?keyPrefix=lab:`;
  const trusted = { NODE_EXTRA_CA_CERTS: at('cert') };
  const study = new TinyStudy(ONE);
  const artifacts = newFolder();
  const shared = ['--artifacts', artifacts, '--jobs', '1', '--idle', '1'];
  const worker = new Program(['worker', address, ...shared], trusted);
  const ended = await new Program(study.command('--queue', address), trusted).ended;
  expect(ended.exitCode, ended.stderr).toBe(0);
  const working = await worker.ended;
  expect(study.results()).toEqual(plain.results());
  const { client } = redis.withPassword(PASSWORD);
  const stored = await client.keys('*');
  expect(stored.length).toBeGreaterThan(0);
  expect(stored.filter((name) => !name.startsWith('lab:timegrid:'))).toEqual([]);
  const texts = [ended.stdout, ended.stderr, working.stdout, working.stderr, ...stored];
  for (const folder of [study.folder, artifacts]) {
    for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(folder, name);
      if (fs.statSync(path).isFile()) texts.push(fs.readFileSync(path, 'latin1'));
    }
  }
  expect(texts.filter((text) => text.includes(PASSWORD))).toEqual([]);
  const report = fs.readFileSync(join(study.folder, 'report.md'), 'utf8');
  expect(report).toContain(`--queue 'rediss://localhost:${redis.securePort}?keyPrefix=lab:'`);
  expect(dirname(study.file)).toBe(study.home);
});
