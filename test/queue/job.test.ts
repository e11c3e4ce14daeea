import { expect, test } from 'vitest';
import { VERSION } from '../../src/common/version.ts';
import { jobOf, OtherVersion, PoisonedJob, readJob, withCode } from '../../src/queue/job.ts';
import type { PlannedRun } from '../../src/study/planned-run.ts';
import { runKey } from '../../src/study/run-key.ts';
import { tinySettings } from '../train/tiny.ts';

const occasions = [{ numbers: [3, 4], episodes: 5 }];
const KEPT = 3600;

function planned(settings = tinySettings()): PlannedRun {
  const key = runKey(settings, occasions);
  const names = { agent: 'nac', label: 'nac', path: '/none', result: '/none.json' };
  return { ...names, seed: 1, key, settings, occasions };
}

const source = (given: string) => ({ given, from: '/home/ann', version: 'sha256:abc' });

test('what a study declares is what a worker reads, without where its code lies', () => {
  const run = planned();
  expect(readJob(run.key, JSON.stringify(jobOf(run, KEPT)))).toEqual({
    ...{ format: 1, timegrid: VERSION, agent: 'nac', occasions, kept: KEPT, key: run.key },
    settings: run.settings,
  });
  const { env, config, ...rest } = run.settings;
  const own = planned({
    ...rest,
    env: { ...env, source: source('./maze.ts#Maze') },
    config: { ...config, pathwaySource: source('./path.ts') },
  });
  const text = JSON.stringify(jobOf(own, KEPT));
  expect(text).not.toMatch(/ann|maze\.ts|path\.ts/);
  const read = readJob(own.key, text);
  expect(read).toMatchObject({
    world: { version: 'sha256:abc', given: '#Maze' },
    pathway: { version: 'sha256:abc', given: '' },
  });
  const here = source('./here.ts#Maze');
  expect(withCode(read, { world: here }).env.source).toEqual(here);
  expect(runKey(withCode(read, {}), occasions)).toBe(own.key);
});

const poisons: [string, (job: Record<string, unknown>) => unknown, RegExp][] = [
  ['no object', () => [], /format|expected object/i],
  ['another format', (job) => ({ ...job, format: 2 }), /format/],
  ['a key too many', (job) => ({ ...job, run: '../../etc' }), /unrecognized key/i],
  [
    'too many numbers',
    (job) => ({ ...job, occasions: [{ numbers: Array(20_000).fill(1), episodes: 1 }] }),
    /numbers/,
  ],
  ['no time to keep it', (job) => ({ ...job, kept: -1 }), /kept/],
  ['code by a path', (job) => ({ ...job, world: { version: 'x', given: '../evil.js' } }), /given/],
  [
    'a file of another machine',
    (job) => {
      const { settings } = job as { settings: { env: object } };
      return {
        ...job,
        settings: { ...settings, env: { ...settings.env, source: source('./x.js') } },
      };
    },
    /files of another machine/,
  ],
  [
    'another seed',
    (job) => ({ ...job, settings: { ...(job.settings as object), seed: 2 } }),
    /its key/,
  ],
];

test.each(poisons)('a job with %s is refused in a sentence', (_, change, message) => {
  const run = planned();
  const text = JSON.stringify(change(jobOf(run, KEPT) as Record<string, unknown>));
  expect(() => readJob(run.key, text)).toThrow(PoisonedJob);
  expect(() => readJob(run.key, text)).toThrow(message);
});

test('what is no JSON, nested without end, too long, or under another name is refused', () => {
  const { key } = planned();
  expect(() => readJob(key, '{"format"')).toThrow(/is not JSON/);
  expect(() => readJob(key, '['.repeat(1e5))).toThrow(/nested/);
  expect(() => readJob(key, ' '.repeat(2 ** 20 + 1))).toThrow(/more than 1 MiB/);
  expect(() => readJob('../../x', '{}')).toThrow(/not the key of a run/);
});

test('a job of another version is left to that version, whatever it holds', () => {
  const { key } = planned();
  const text = JSON.stringify({ format: 7, timegrid: '9.9.9', news: true });
  expect(() => readJob(key, text)).toThrow(OtherVersion);
  expect(() => readJob(key, text)).toThrow(
    `it was declared by timegrid 9.9.9, and this is ${VERSION}: use the version that declared it`,
  );
});
