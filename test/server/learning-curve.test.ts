import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rowOf } from '../../src/run/metrics-row.ts';
import { FollowedCurve } from '../../src/server/learning-curve.ts';
import { temporaryFolder } from '../run/temporary.ts';

/** A row at `frames`, which is row number `frames / 10` unless it says otherwise. */
const line = (frames: number, reward: number | null = frames / 10, row = frames / 10) =>
  Buffer.from(rowOf({ frames, reward, exact: 0.5, other: 1 }, row)).toString();

function metrics(): { curve: FollowedCurve; path: string } {
  const folder = temporaryFolder();
  return { curve: new FollowedCurve(folder), path: join(folder, 'metrics.jsonl') };
}

test('a file that is not there yet has no points', () => {
  const { curve } = metrics();
  expect(curve.follow()).toBe(false);
  expect(curve.frames).toEqual([]);
});

test('grows with the file, by whole lines', () => {
  const { curve, path } = metrics();
  fs.writeFileSync(path, line(10) + line(20, null) + line(30).slice(0, 7));
  expect(curve.follow()).toBe(true);
  expect(curve.frames).toEqual([10, 20]);
  fs.appendFileSync(path, line(30).slice(7));
  expect(curve.follow()).toBe(true);
  expect(curve.follow()).toBe(false);
  expect([curve.frames, curve.reward, curve.exact, curve.edition]).toEqual([
    ...[[10, 20, 30], [1, null, 3], [0.5, 0.5, 0.5], 0],
  ]);
});

test('damaged rows are passed over, and said', () => {
  const { curve, path } = metrics();
  fs.writeFileSync(path, `${line(10)}{"frames":\n7\nnull\n${line(50)}`);
  curve.follow();
  expect(curve.frames).toEqual([10, 50]);
  expect(curve.problem).toBe('has 3 damaged rows');
  fs.appendFileSync(path, line(70));
  curve.follow();
  expect(curve.frames).toEqual([10, 50, 70]);
  expect(curve.problem).toBe('has 3 damaged, 1 lost rows');
});

test('a training that was taken back is another edition', () => {
  const { curve, path } = metrics();
  fs.writeFileSync(path, line(10) + line(20) + line(30));
  curve.follow();
  fs.writeFileSync(path, line(10, 7));
  curve.follow();
  expect([curve.frames, curve.reward]).toEqual([[10], [7]]);
  expect(curve.edition).toBeGreaterThan(0);
});

test('taken back and grown beyond what was read, it is read again', () => {
  const { curve, path } = metrics();
  fs.writeFileSync(path, line(10) + line(20) + line(30));
  curve.follow();
  fs.writeFileSync(path, line(10) + line(15, 5.25, 2) + line(20, 6, 3) + line(25, 7, 4));
  curve.follow();
  expect([curve.frames, curve.reward]).toEqual([
    [10, 15, 20, 25],
    [1, 5.25, 6, 7],
  ]);
  expect(curve.problem).toBeNull();
});

test('a long curve is thinned, and stays so as it grows', () => {
  const { curve, path } = metrics();
  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => line(from + i + 1, 1, from + i + 1)).join('');
  fs.writeFileSync(path, lines(0, 5_000));
  curve.follow();
  fs.appendFileSync(path, lines(5_000, 9_000));
  curve.follow();
  expect(curve.frames.length).toBeLessThanOrEqual(2_000);
  expect(curve.frames.length).toBeGreaterThan(1_000);
  const gaps = new Set(curve.frames.slice(1).map((frames, i) => frames - curve.frames[i]!));
  expect(gaps.size).toBe(1);
  expect(curve.frames[0]).toBe(1);
});

test('a log of any size is read a part at a time, and a line without an end is not kept', () => {
  const { curve, path } = metrics();
  fs.writeFileSync(path, line(10));
  fs.truncateSync(path, 3 * 2 ** 30);
  expect(curve.follow()).toBe(true);
  expect(curve.frames).toEqual([10]);
  fs.truncateSync(path, 20 * 2 ** 20);
  fs.appendFileSync(path, `\n${line(30)}`);
  while (curve.follow());
  expect(curve.frames).toEqual([10, 30]);
  expect(curve.problem).toBe('has 1 damaged row');
});
