import { expect, test } from 'vitest';
import { chooseRuns, runName, shortKeys } from '../../src/study/choose-runs.ts';
import { planStudy } from '../../src/study/plan-study.ts';
import type { PlannedRun } from '../../src/study/planned-run.ts';

const { runs: five } = await planStudy(
  { seeds: '1..5', agents: { a: { agent: 'nac' } } },
  { folder: 'out' },
);
const keyed = (...keys: string[]): PlannedRun[] =>
  keys.map((key, i) => ({ ...five[i]!, key: key.padEnd(32, '0') }));
const seedsOf = (runs: readonly PlannedRun[]): number[] => runs.map(({ seed }) => seed);

test('parts of any number hold every run once', () => {
  for (const parts of [1, 2, 3, 5, 7]) {
    const all = Array.from({ length: parts }, (_, i) => chooseRuns(five, [`${i + 1}/${parts}`]));
    expect(seedsOf(all.flat()).sort()).toEqual([1, 2, 3, 4, 5]);
    const sizes = all.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  }
  expect(seedsOf(chooseRuns(five, ['3/5']))).toEqual([3]);
  expect(seedsOf(chooseRuns(five, ['1/2']))).toEqual([1, 3, 5]);
});

test('keys may be cut short as long as they name one run; the study’s order holds, and nothing counts twice', () => {
  const runs = keyed('abcd1', 'abcd2', '12345678');
  expect(seedsOf(chooseRuns(runs, ['1234', 'abcd2', '12345', '3/3']))).toEqual([2, 3]);
  expect(seedsOf(chooseRuns(runs, [runs[0]!.key]))).toEqual([1]);
  expect(() => chooseRuns(runs, ['abcd'])).toThrow(
    /^2 runs have a key that begins with abcd, such as a, seed 1 \(abcd10+\) and a, seed 2 \(abcd20+\): give more of it$/,
  );
  expect(() => chooseRuns(runs, ['ffff'])).toThrow(
    /^no run of this study has a key that begins with ffff; --list prints them$/,
  );
  // Two agents that are the same but for their names.
  expect(seedsOf(chooseRuns(keyed('abcd1', 'abcd1'), ['abcd']))).toEqual([1, 2]);
});

test('what names no run is refused', () => {
  expect(runName('ABCD')).toBe('abcd');
  expect(runName('40/40')).toBe('40/40');
  for (const text of ['3', '12a', 'study.json', '', '-1/3', '1/2/3', '1.5/2', '0/0']) {
    expect(() => runName(text)).toThrow(/^--only takes a run's key, at least 4 digits of it/);
  }
  for (const text of ['0/3', '4/3']) {
    expect(() => runName(text)).toThrow(/parts are counted from 1$/);
  }
});

test('keys are shown as long as they need to be', () => {
  expect(shortKeys(keyed('12345678', '12345679'))).toEqual(['12345678', '12345679']);
  const close = keyed('123456789a', '123456789b', '123456789a');
  expect(shortKeys(close)).toEqual(['123456789a', '123456789b', '123456789a']);
});
