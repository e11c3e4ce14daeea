import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockFolder } from '../../src/run/lock.ts';
import type { Result } from '../../src/study/results.ts';
import { refusal, timegrid } from './timegrid.ts';

const home = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(home, { recursive: true }));
const file = join(home, 'tiny.json');
const folder = join(home, 'out');
const command = ['study', file, '--folder', folder];

const study = {
  title: 'Two tiny agents',
  frames: 3200,
  numbers: '3,4',
  episodes: 5,
  envOptions: { size: 3, pixels: 24, timeMin: 3, timeMax: 6 },
  set: {
    convolutions: [{ filters: 8, size: 4, stride: 4 }],
    ...{ dense: 16, lstm: 16, nacWidth: 4, worlds: 16, steps: 10 },
  },
  agents: {
    baseline: { agent: 'baseline', about: 'The plain one.' },
    clock: { agent: 'nac-clock' },
  },
  further: [{ agents: ['clock'], numbers: '40', episodes: 2 }],
};
const declare = (change: object = {}): void =>
  fs.writeFileSync(file, JSON.stringify({ ...study, ...change }));
const resultFile = (run: string): string => join(folder, 'results', `${run}.json`);
const resultOf = (run: string): Result => JSON.parse(fs.readFileSync(resultFile(run), 'utf8'));
const writtenAt = (run: string): number => fs.statSync(resultFile(run)).mtimeMs;

let first: Awaited<ReturnType<typeof timegrid>>;
beforeAll(async () => {
  declare();
  first = await timegrid(command);
});

test('trains, evaluates and reports everything that is declared', () => {
  expect(first.exitCode, first.stderr).toBe(0);
  expect(first.stderr).toMatch(/^clock: finished, \d of 2/m);
  expect(first.stdout).toMatch(/│ baseline +│ clock/);
  expect(fs.readdirSync(folder).sort()).toEqual([
    ...['learning.png', 'learning.svg', 'report.json', 'report.md', 'results', 'reward.png'],
    ...['reward.svg', 'runs', 'weights.png', 'weights.svg'],
  ]);
  const clock = resultOf('clock-1');
  const rows = clock.evaluation.rows.map(({ number, episodes }) => [number, episodes]);
  expect(rows).toEqual([
    [3, 5],
    [4, 5],
    [40, 2],
  ]);
  expect(clock.learning.at(-1)).toMatchObject({ frames: 3200 });
  const weights = clock.learning.at(-1)!.weights!;
  expect([weights.clock!.length, weights.nac!.length]).toEqual([1, 8]);

  const report = JSON.parse(fs.readFileSync(join(folder, 'report.json'), 'utf8'));
  expect(report.runs.map(({ agent }: { agent: string }) => agent)).toEqual(['baseline', 'clock']);
  expect(report.agents[1].lines[0]).toMatchObject({
    number: 3,
    reward: { mean: clock.evaluation.rows[0]!.meanReward },
  });
  const markdown = fs.readFileSync(join(folder, 'report.md'), 'utf8');
  expect(markdown).toContain('# Two tiny agents');
  expect(markdown).toContain(`Made by \`timegrid study ${file} --folder ${folder}\``);
  expect(markdown).toContain('- **baseline**: The plain one.');
  expect(markdown).toContain('| clock, seed 1 |');
});

test('flags declare the same study as a file, and find its results', async () => {
  const pairs = (values: object): string[] =>
    Object.entries(values).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const flags = ['study', '--agents', 'baseline', '--frames', '3200', '--numbers', '3,4'];
  const { nacWidth: _, ...ofBaseline } = study.set;
  flags.push('--episodes', '5', '--set', ...pairs(ofBaseline));
  flags.push('--env-option', ...pairs(study.envOptions), '--folder', folder, '--json');
  const { stdout, stderr, exitCode } = await timegrid(flags);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toMatch(/^1 of 1 runs have a result already$/m);
  const { title, runs } = JSON.parse(stdout);
  expect(title).toBe('baseline');
  expect(runs[0].rows).toEqual(resultOf('baseline-1').evaluation.rows);
  expect(await refusal(['study', file, '--seeds', '2,3'])).toBe(
    `${file} declares the study by itself: leave out --seeds, or the file`,
  );
});

test.each([
  [
    ['--seeds', '3'],
    /^--seeds 3 could mean seed 3 or 3 seeds: give 1\.\.3 for seeds 1 to 3, or 3\.\.3 for seed 3 alone$/,
  ],
  [['--agents', 'nac,nac'], /^--agents names nac twice: name it once/],
])('%j is refused in a sentence', async (flags, message) => {
  expect(await refusal(['study', ...flags])).toMatch(message);
});

test('other evaluation settings evaluate again, and only what they change', async () => {
  const before = writtenAt('baseline-1');
  declare({ further: [{ agents: ['clock'], numbers: '41', episodes: 2 }] });
  const { stderr, exitCode } = await timegrid(command);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^1 of 2 runs have a result already$/m);
  expect(stderr).toMatch(/^clock: the evaluation settings have changed$/m);
  expect(writtenAt('baseline-1')).toBe(before);
  expect(resultOf('clock-1').evaluation.rows.map(({ number }) => number)).toEqual([3, 4, 41]);
});

test('a run of another training is refused; a result outlives its run', async () => {
  declare({ agents: { ...study.agents, clock: { agent: 'nac-clock', set: { nacWidth: 2 } } } });
  expect(await refusal(command)).toBe(
    `${resultFile('clock-1')} is of another training: its nacWidth is 4, and the study's is 2; move it away, or give another --folder`,
  );
  fs.renameSync(resultFile('clock-1'), join(home, 'kept.json'));
  expect(await refusal(command)).toMatch(/runs\/clock-1 is of another training: its nacWidth is 4/);
  fs.renameSync(join(home, 'kept.json'), resultFile('clock-1'));
  declare({ further: [{ agents: ['clock'], numbers: '41', episodes: 2 }] });
  fs.rmSync(join(folder, 'runs'), { recursive: true });
  expect((await timegrid(command)).stderr).toMatch(/^2 of 2 runs have a result already$/m);
  declare();
  expect(await refusal(command)).toMatch(
    /clock-1\.json has other numbers or episodes than the study, and its run in .* is gone: /,
  );
});

test('two at once in one folder are one too many', async () => {
  const lock = lockFolder(folder);
  try {
    expect(await refusal(command, 1)).toMatch(/out is being trained by process \d+; wait until/);
  } finally {
    lock.release();
  }
});

test('a damaged result and mistyped agents are each one sentence', async () => {
  declare();
  fs.writeFileSync(resultFile('baseline-1'), '{"agent"');
  expect(await refusal(command, 1)).toBe(
    `${resultFile('baseline-1')} is not a study's result: delete it and run the same command again to regenerate it`,
  );
  declare({ agents: { a: { agent: 'basline' } }, further: [] });
  expect(await refusal(command)).toMatch(/agent "a".*did you mean "baseline"\?$/);
  expect(await refusal(['study', '--agents', 'nacc'])).toBe(
    'there is no agent "nacc"; did you mean "nac"?',
  );
});
