import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { repeatNumbers } from '../../src/cli/repeat-numbers.ts';
import { chooseNumbers } from '../../src/evaluate/choose-numbers.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { evaluateRun } from '../../src/evaluate/evaluate-run.ts';
import { bySetting } from '../../src/evaluate/summary.ts';
import { explain } from '../../src/explain/explain.ts';
import { formatMarkdownTable, formatTable } from '../../src/render/evaluation-table.ts';
import { formatExplanation } from '../../src/render/explanation.ts';
import { figureSpec } from '../../src/render/number-figure.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { saveRun } from './saved-run.ts';

const world = { size: 3, pixels: 12 };
const TWO = { id: 'TwoTimes-v0', options: world };
let run = '';
beforeEach(() => {
  run = join(temporaryFolder(), 'two');
  saveRun(run, { env: TWO.id, envOptions: world });
});
const played = { episodes: 6, threads: 0 } as const;

test('one number alone is the main one, and each row says what the world drew for the other', async () => {
  const { rows, number, otherNumbers } = await evaluateRun(run, { ...played, numbers: [11, 12] });
  expect(number.symbol).toBe('t2');
  expect(otherNumbers).toEqual([{ option: 'first', symbol: 't1', meaning: 'first time' }]);
  expect(rows.map((row) => row.number)).toEqual([11, 12]);
  for (const { others } of rows) {
    const [least, greatest] = others!.first as [number, number];
    expect(least).toBeGreaterThanOrEqual(4);
    expect(greatest).toBeLessThanOrEqual(7);
    expect(least).toBeLessThan(greatest);
  }
});

test('one value fixes the other number, by its option or its symbol, and the episodes are told it', async () => {
  const fixed = await evaluateRun(run, { ...played, numbers: { first: 3, second: [11, 12] } });
  expect(fixed.rows.map(({ number, others }) => [number, others])).toEqual([
    [11, { first: 3 }],
    [12, { first: 3 }],
  ]);
  expect(await evaluateRun(run, { ...played, numbers: { t1: 3, t2: [11, 12] } })).toEqual(fixed);
});

test('several values of both give a row for each combination', async () => {
  const { summary } = await evaluate([run], {
    ...played,
    numbers: { first: [3, 4], second: [11, 12] },
  });
  const rows = summary.agents[0]!.numbers.map(({ number, others }) => [others!.first, number]);
  expect(rows).toEqual([
    [3, 11],
    [3, 12],
    [4, 11],
    [4, 12],
  ]);
  expect(formatTable(summary).split('\n').slice(1, 4)).toEqual([
    expect.stringMatching(/^ t1 {2}t2 {3}│ reward/),
    expect.stringMatching(/^─+┼─+$/),
    expect.stringMatching(/^ {2}3 {2}11 • │/),
  ]);
  expect(formatMarkdownTable(summary)).toMatch(/^\| t1 \| t2 \| .*\n.*\n\| 3 \| 11 • \|/);
  // A figure has a line for each, and says what is fixed.
  expect(JSON.stringify(figureSpec(summary))).not.toContain('t1 drawn');
  const { summary: fixed } = await evaluate([run], { ...played, numbers: { t1: 3, t2: [11, 12] } });
  expect(JSON.stringify(figureSpec(fixed))).toContain('greedy policy · t1 = 3');
  expect(bySetting(summary).agents.map(({ label }) => label)).toEqual([
    'nac, t1 = 3',
    'nac, t1 = 4',
  ]);
});

test('only the other one varied: rows are for it, the world draws the main one', async () => {
  const { rows, number, trainingRange } = await evaluateRun(run, {
    ...played,
    numbers: { first: [4, 6] },
  });
  expect([number.symbol, trainingRange]).toEqual(['t1', [4, 7]]);
  expect(rows.map((row) => row.number)).toEqual([4, 6]);
  expect(rows[0]!.others!.second).toEqual([expect.any(Number), expect.any(Number)]);
});

test.each([
  [{ frist: 3 }, 'TwoTimes-v0 tells no number "frist"; did you mean "first"?'],
  [{ '': [11], second: 12 }, 'the number second is given twice: give it all its values at once'],
])('%j is refused in a sentence', (numbers, message) => {
  expect(() => chooseNumbers(TWO, numbers)).toThrow(message);
});

test('a world with a single number names it', () => {
  expect(() => chooseNumbers({ id: 'TimedGrid-v0', options: {} }, { first: 3 })).toThrow(
    'TimedGrid-v0 tells no number "first"; it tells only "time"',
  );
});

test('what the world refuses, and what would take for ever, is refused before anything is played', async () => {
  const numbers = { first: [5, 20], second: [11] };
  await expect(evaluateRun(run, { numbers })).rejects.toThrow(
    'TwoTimes-v0: first (20) must be below second (11)',
  );
  const many = Array.from({ length: 200 }, (_, i) => i + 1);
  await expect(evaluateRun(run, { numbers: { first: many, second: many } })).rejects.toThrow(
    'these numbers make 40000 combinations; at most 10000 can be evaluated at a time',
  );
});

test('an explanation names every number, and fixes any but the main one', async () => {
  const options = { ...played, numbers: { first: 3, second: [11] }, upTo: 15 };
  const { explanation, replay } = await explain(run, options);
  expect(explanation.instruction).toEqual(['t1', 't2']);
  expect(explanation.otherNumbers).toEqual([
    { option: 'first', symbol: 't1', meaning: 'first time', trained: [4, 7], fixed: 3 },
  ]);
  expect(formatExplanation(explanation)).toContain(
    [
      'It is told 2 numbers:',
      '  t2 (second time), trained on 11 to 15: the main one, varied below',
      '  t1 (first time), trained on 4 to 7: fixed at 3',
    ].join('\n'),
  );
  expect(replay).toMatchObject({ number: 15, others: { first: 3 } });
  await expect(explain(run, { numbers: { first: [3, 4] } })).rejects.toThrow(
    'explain varies the main number only: give first one value, not 2',
  );
});

test('--numbers takes names one after another, but not the folder that follows', () => {
  const line = (text: string) => repeatNumbers(text.split(' ')).join(' ');
  expect(line('evaluate --numbers first=3 second=5..20 runs/a --json')).toBe(
    'evaluate --numbers first=3 --numbers second=5..20 runs/a --json',
  );
  expect(line('evaluate --numbers=first=3 second=11 runs/a')).toBe(
    'evaluate --numbers=first=3 --numbers second=11 runs/a',
  );
  expect(line('evaluate --numbers 5..20 first=3')).toBe(
    'evaluate --numbers 5..20 --numbers first=3',
  );
  for (const plain of ['evaluate --numbers 5..20 runs/a', 'train --set lstm=8 discount=0.9']) {
    expect(line(plain)).toBe(plain);
  }
});
