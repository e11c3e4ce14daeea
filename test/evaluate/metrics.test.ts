import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluateRun } from '../../src/evaluate/evaluate-run.ts';
import { summarise } from '../../src/evaluate/summary.ts';
import { tally } from '../../src/evaluate/tally.ts';
import { formatCsv } from '../../src/render/evaluation-csv.ts';
import { formatTable } from '../../src/render/evaluation-table.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { saveRun } from './saved-run.ts';

const ended = (error: number | null, stays: number) => ({
  ...{ return: 1, steps: 5, exact: error === 0, arrived: error !== null },
  metrics: { stays, ...(error !== null && { error }) },
});
const outcomes = [ended(-2, 1), ended(0, 1), ended(1, 4), ended(3, 2), ended(null, 2)];
const rows = tally(
  outcomes.map(() => ({ number: 5 })),
  outcomes,
  'time',
);
const evaluation = {
  ...{ run: 'runs/a, "b"', label: 'nac', seed: 1, frames: 1000, policy: 'greedy' as const },
  number: { symbol: 't', meaning: 'time', countsSteps: true },
  ...{ maxReward: 10, trainingRange: [5, 12] as const, rows },
};

test('a row has the signed error, its distribution and every metric', () => {
  expect(rows[0]).toMatchObject({
    error: {
      ...{ episodes: 4, mean: 0.5, early: 0.25, late: 0.5 },
      ...{ least: -2, lowerQuartile: -0.5, median: 0.5, upperQuartile: 1.5, greatest: 3 },
    },
    metrics: { stays: 2 },
  });
});

test('a row has the share of episodes that anyone could do exactly, where the world says that of all', () => {
  const rowOf = (said: readonly (boolean | undefined)[]) =>
    tally(
      said.map(() => ({ number: 5 })),
      said.map((canBeExact) => ({
        ...ended(1, 1),
        ...(canBeExact !== undefined && { canBeExact }),
      })),
      'time',
    )[0];
  const row = rowOf([true, false, true, true]);
  expect(row).toMatchObject({ exact: 0, exactAtMost: 0.75 });
  expect(rowOf([true, undefined])).not.toHaveProperty('exactAtMost');

  const summary = summarise([
    { ...evaluation, rows: [row!, { ...row!, number: 6, exactAtMost: 1 }] },
  ]);
  expect(summary.agents[0]!.numbers.map(({ exactAtMost }) => exactAtMost)).toEqual([0.75, 1]);
  expect(formatTable(summary)).toMatch(
    /\nno agent can be exact in more than 75 % \(t = 5\) of the episodes$/m,
  );
  const many = [1, 2, 3, 4, 5, 6].map((number) => ({ ...row!, number, exactAtMost: number / 6 }));
  expect(formatTable(summarise([{ ...evaluation, rows: many }]))).toMatch(
    /\nno agent can be exact in more than 17 to 83 % of the episodes at 5 numbers \(t = 1 to 5\)$/m,
  );
  expect(formatTable(summarise([evaluation]))).not.toContain('no agent can be');
});

test('the table shows them where that is asked for', () => {
  const summary = summarise([evaluation]);
  const [, titles, , row] = formatTable(summary, { metrics: true }).split('\n');
  expect(titles).toMatch(/never {2}error {2}from {2}to {2}early {2}late {2}stays$/);
  expect(row).toMatch(/20 % {2}\+0\.50 {4}−2 {2}\+3 {3}25 % {2}50 % {3}2\.00$/);
  expect(formatTable(summary)).not.toContain('stays');
});

test('as CSV, every figure has a column, and a name with a comma or a quote is quoted', () => {
  const [titles, line] = formatCsv([evaluation]).split('\n');
  const names = titles!.split(',');
  expect(names.slice(0, 7)).toEqual('run,agent,seed,frames,policy,number,episodes'.split(','));
  expect(line).toMatch(/^"runs\/a, ""b""",nac,1,1000,greedy,5,5,1,/);
  const values = line!.replace(/^"(?:[^"]|"")*"/, 'run').split(',');
  const record = Object.fromEntries(names.map((name, i) => [name, values[i]]));
  expect(record).toMatchObject({
    'error.mean': '0.5',
    'error.early': '0.25',
    'metrics.stays': '2',
  });
});

test('an evaluation says what the agent earns with the other policy, in the same episodes', async () => {
  const run = join(temporaryFolder(), 'run');
  saveRun(run);
  const options = { numbers: [2, 3, 9], episodes: 10, threads: 0 };
  const greedy = await evaluateRun(run, options);
  const sample = await evaluateRun(run, { ...options, policy: 'sample' });
  const mean = ({ rows }: typeof greedy) => (rows[0]!.meanReward + rows[1]!.meanReward) / 2;
  const { policies } = greedy;
  expect(policies).toMatchObject({ episodes: 20, numbers: [2, 3] });
  expect(policies!.greedy).toBeCloseTo(mean(greedy), 10);
  expect(policies!.sample).toBeCloseTo(mean(sample), 10);
  expect(sample.policies).toEqual(policies);
  expect((await evaluateRun(run, { ...options, numbers: [9] })).policies).toBeUndefined();
});

test('the table says so where they differ much, and not where they are alike', () => {
  const policies = { episodes: 64, numbers: [5, 12] as const, greedy: 0, sample: 9.03 };
  expect(formatTable(summarise([{ ...evaluation, policies }]))).toContain(
    'nac, seed 1, earns 0.00 with greedy actions but 9.03 with sampled ones, which training takes (mean of 64 episodes each, t = 5 to 12); to see those, evaluate with --policy sample',
  );
  const alike = summarise([{ ...evaluation, policies: { ...policies, greedy: 9.9 } }]);
  expect(alike.policyGaps).toBeUndefined();
});
