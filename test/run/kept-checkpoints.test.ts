import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dropKept, keep, listKept, readKept, spread } from '../../src/run/kept-checkpoints.ts';
import { keptFolder, partOf } from '../../src/run/kept-points.ts';
import { temporaryFolder } from './temporary.ts';

const tensors = (value: number) => ({
  'parameters/w': { shape: [2], data: Float32Array.of(value, -value) },
});
const framesOf = (run: string) => listKept(run).map(({ frames }) => frames);

test('what is kept is read back, and named by its frames and content', () => {
  const run = temporaryFolder();
  expect(listKept(run)).toEqual([]);
  keep(run, 1600, tensors(1));
  keep(run, 0, tensors(2));
  const [first, second] = listKept(run);
  expect([first!.frames, second!.frames]).toEqual([0, 1600]);
  expect(second!.id).toMatch(/^1600-[0-9a-f]{12}$/);
  expect(readKept(run, second!)).toEqual(tensors(1));
});

test('parameters of the same frames are replaced, and others are nobody else’s business', () => {
  const run = temporaryFolder();
  for (const value of [1, 1, 3]) keep(run, 160, tensors(value));
  fs.writeFileSync(join(run, keptFolder, 'notes.txt'), 'mine');
  fs.writeFileSync(join(run, keptFolder, '.tmp-0-1-unfinished'), 'half');
  keep(run, 320, tensors(4));
  expect(framesOf(run)).toEqual([160, 320]);
  expect(readKept(run, listKept(run)[0]!)).toEqual(tensors(3));
  dropKept(run, ({ frames }) => frames > 200);
  expect(framesOf(run)).toEqual([160]);
  expect(fs.readdirSync(join(run, keptFolder)).filter((name) => !/^0/.test(name))).toEqual([
    'notes.txt',
  ]);
});

test.each([
  ['another byte', (bytes: Buffer) => bytes.with(bytes.length - 1, 7)],
  ['a byte less', (bytes: Buffer) => bytes.subarray(0, -1)],
])('%s is refused', (_, damage) => {
  const run = temporaryFolder();
  keep(run, 160, tensors(1));
  const kept = listKept(run)[0]!;
  const path = join(run, keptFolder, kept.file);
  fs.writeFileSync(path, damage(fs.readFileSync(path)));
  expect(() => readKept(run, kept)).toThrow(`${path} is damaged: its SHA-256`);
  fs.rmSync(path);
  expect(() => readKept(run, kept)).toThrow(path);
});

test('the parts of a training are equal, but for its end', () => {
  const parts = Array.from({ length: 101 }, (_, frames) => partOf(frames, 5, 100));
  const counts = [0, 1, 2, 3, 4].map((part) => parts.filter((one) => one === part).length);
  expect(counts).toEqual([25, 25, 25, 25, 1]);
  expect([partOf(0, 2, 100), partOf(99, 2, 100), partOf(140, 2, 100)]).toEqual([0, 0, 1]);
});

test('some of many are spread over all of them, with the first and the last', () => {
  const all = [...Array(12).keys()].map((frames) => ({ frames, id: '', file: '' }));
  const chosen = (most?: number) => spread(all, most).map(({ frames }) => frames);
  expect(chosen()).toHaveLength(12);
  expect(chosen(20)).toHaveLength(12);
  expect(chosen(4)).toEqual([0, 4, 7, 11]);
  expect(chosen(2)).toEqual([0, 11]);
  expect(chosen(1)).toEqual([0]);
  expect(chosen(0)).toEqual([]);
});
