import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FollowedCurve } from '../../src/watch/learning-curve.ts';
import { temporaryFolder } from '../run/temporary.ts';

const line = (frames: number, reward: number | null = frames / 10) =>
  `${JSON.stringify({ frames, reward, exact: 0.5, other: 1 })}\n`;

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

test('a damaged line is passed over', () => {
  const { curve, path } = metrics();
  fs.writeFileSync(path, `${line(10)}{"frames":\n7\nnull\n${line(20)}`);
  curve.follow();
  expect(curve.frames).toEqual([10, 20]);
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

test('frames that come a second time replace what was there', () => {
  const { curve, path } = metrics();
  fs.writeFileSync(path, line(10) + line(20) + line(30) + line(20, 5) + line(25, 6));
  curve.follow();
  expect([curve.frames, curve.reward]).toEqual([
    [10, 20, 25],
    [1, 5, 6],
  ]);
});

test('a long curve is thinned, and stays so as it grows', () => {
  const { curve, path } = metrics();
  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => line(from + i + 1)).join('');
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
  fs.appendFileSync(path, `\n${line(20)}`);
  while (curve.follow());
  expect(curve.frames).toEqual([10, 20]);
});
