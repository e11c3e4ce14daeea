import { expect, test } from 'vitest';
import { planStudy } from '../../src/study/plan-study.ts';
import type { PlannedRun } from '../../src/study/planned-run.ts';
import { runKey } from '../../src/study/run-key.ts';
import type { StudySpec } from '../../src/study/study-file.ts';

const usual: StudySpec = {
  frames: '1M',
  numbers: '5,6',
  seeds: [1, 2],
  agents: { mine: { agent: 'nac', set: { lstm: 64 } }, other: { agent: 'baseline' } },
};
const first = async (change: Partial<StudySpec> = {}, folder = 'out'): Promise<PlannedRun> =>
  (await planStudy({ ...usual, ...change }, { folder })).runs[0]!;
const keyOf = async (change?: Partial<StudySpec>): Promise<string> => (await first(change)).key;

test('every run of a study has a key of its own', async () => {
  const { runs } = await planStudy(usual, { folder: 'out' });
  const keys = runs.map(({ key }) => key);
  expect(new Set(keys).size).toBe(4);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{32}$/);
});

test('equal runs of two studies have one key, however they are declared', async () => {
  const key = await keyOf();
  const { agents, ...rest } = usual;
  const renamed = { ours: { about: 'The same.', agent: 'nac' }, mine: agents.mine! };
  const other = await planStudy(
    { ...rest, title: 'Another', seeds: '1..9', frames: 1_000_000, agents: renamed },
    { folder: 'elsewhere' },
  );
  const withKey = other.runs.filter((run) => run.key === key);
  expect(withKey.map(({ label }) => label)).toEqual(['mine, seed 1']);
  // A setting that is spelt out, in whatever order, is the same as its default.
  const spelt = { mine: { agent: 'nac', preset: 'small', set: { worlds: 32, lstm: 64 } } };
  expect(await keyOf({ agents: spelt, env: 'TimedGrid-v0', envOptions: { size: 5 } })).toBe(key);
  // Seed 2 alone is evaluated further.
  const further = [{ agents: ['mine'], seeds: [2], numbers: 9 }];
  expect(await keyOf({ further })).toBe(key);
});

test.each<[string, Partial<StudySpec>]>([
  ['the seed', { seeds: [3] }],
  ['the frames', { frames: '2M' }],
  ['the agent', { agents: { mine: { agent: 'nac-clock', set: { lstm: 64 } } } }],
  ['a setting', { set: { learningRate: 1e-4 } }],
  ['an option of the world', { envOptions: { size: 4 } }],
  ['the world', { env: 'PacedGrid-v0' }],
  ['the numbers', { numbers: '5,7' }],
  ['the episodes', { episodes: 10 }],
  ['a further evaluation', { further: [{ agents: ['mine'], numbers: 9 }] }],
])('%s changes it', async (_, change) => {
  expect(await keyOf(change)).not.toBe(await keyOf());
});

test('threads and engine change it; the place of a world of the user’s own does not, but its content does', async () => {
  const { key, settings, occasions } = await first();
  expect(runKey(settings, occasions)).toBe(key);
  expect(runKey({ ...settings, shards: 2 }, occasions)).not.toBe(key);
  expect(runKey({ ...settings, engine: 'tensorflow' }, occasions)).not.toBe(key);
  const source = { given: './mine.ts', from: '/here', version: 'sha256:1' };
  const withSource = (change: object) =>
    runKey({ ...settings, env: { ...settings.env, source: { ...source, ...change } } }, occasions);
  expect(withSource({})).not.toBe(key);
  expect(withSource({ given: '../mine.ts', from: '/there' })).toBe(withSource({}));
  expect(withSource({ version: 'sha256:2' })).not.toBe(withSource({}));
  const { config } = settings;
  const withPathway = (version: string) =>
    runKey(
      { ...settings, config: { ...config, pathwaySource: { ...source, version } } },
      occasions,
    );
  expect(withPathway('sha256:1')).not.toBe(withPathway('sha256:2'));
});
