import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { digits } from '../../../src/numeracy/digits/digits.ts';
import { idxBytes, readIdx } from '../../../src/numeracy/digits/idx-files.ts';
import { PIXELS } from '../../../src/numeracy/digits/images.ts';
import type { DigitsSettings } from '../../../src/numeracy/digits/settings.ts';
import { settingsOf } from '../../../src/numeracy/task-settings.ts';
import { tiny } from '../tiny.ts';
import { drawn, folderOfDigits } from './files.ts';

const IMAGES = 'train-images-idx3-ubyte';
const LABELS = 'train-labels-idx1-ubyte';

const runsOf = (dataFolder: string) =>
  digits.runs(settingsOf(digits as never, { ...tiny.digits, seeds: [1, 2] }) as DigitsSettings, {
    dataFolder,
  });

test('a task trains on digits from files, and is measured with them', async () => {
  const folder = folderOfDigits();
  expect(Buffer.from(readIdx(folder, 'train').images)).toEqual(Buffer.from(drawn.train.images));
  expect([...readIdx(folder, 'test').labels]).toEqual([...drawn.test.labels]);

  const runs = await runsOf(folder);
  const [run] = runs;
  expect(run!.settings.data).toMatchObject({ kind: 'digits from files' });
  expect(Object.keys(run!.settings.data.sha256!)).toHaveLength(4);
  expect(JSON.stringify(runs)).not.toContain(folder);
  const training = await digits.train(run!, { dataFolder: folder });
  for (let i = 0; i < training.steps; i += 1) await training.step(i);
  const result = await digits.evaluate(run!, training.save(), { dataFolder: folder });
  await training.dispose();
  expect(result.pictures).toEqual({ validation: 4, test: 24 });
  expect(result.copies.map(({ diverged }) => diverged)).toEqual([false, false]);

  const settings = settingsOf(digits as never, { ...tiny.digits, seeds: [1, 2] });
  const results = runs.map((one) => ({ run: one, result }));
  const report = digits.report(settings as DigitsSettings, results);
  expect(report.compared).toEqual([]);
  expect(report.tables[0]!.title).toBe('Counting digits from files');
  const own = report.tables.filter(({ title }) => !title.startsWith('Published'));
  expect(JSON.stringify(own)).not.toContain('Trask');

  fs.writeFileSync(
    join(folder, LABELS),
    idxBytes({ ...drawn.train, labels: drawn.train.labels.map((l) => 9 - l) }).labels,
  );
  await expect(digits.train(run!, { dataFolder: folder })).rejects.toThrow(
    `${LABELS} in ${folder} is not the file that this study began with`,
  );
  await expect(digits.train(run!, {})).rejects.toThrow('name their folder with --data');
});

const whole = idxBytes(drawn.train);
const changed = (bytes: Buffer, at: number, value: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(value, at);
  return copy;
};

describe('a folder that holds no whole set is refused in a sentence', () => {
  test.each<[string, (folder: string) => void, string | RegExp]>([
    [
      'no folder',
      (folder) => fs.rmSync(folder, { recursive: true }),
      /is missing; --data must name/,
    ],
    [
      'no labels',
      (folder) => fs.rmSync(join(folder, LABELS)),
      `has neither ${LABELS} nor ${LABELS}.gz; it must hold`,
    ],
    [
      'a packed file cut short',
      (folder) =>
        fs.writeFileSync(join(folder, `${IMAGES}.gz`), gzipSync(whole.images).subarray(0, -40)),
      /images-idx3-ubyte\.gz is damaged: it cannot be unpacked \(unexpected end of file\)/,
    ],
    [
      'no packed file',
      (folder) => fs.writeFileSync(join(folder, `${IMAGES}.gz`), 'a web page'),
      /\.gz is damaged: it cannot be unpacked \(incorrect header check\)/,
    ],
    [
      'a small file that unpacks to a large one',
      (folder) =>
        fs.writeFileSync(
          join(folder, `${IMAGES}.gz`),
          gzipSync(Buffer.alloc(65 * 2 ** 20), { level: 1 }),
        ),
      /\.gz is damaged: it unpacks to more than 64 MiB/,
    ],
    [
      'an empty file',
      (folder) => fs.writeFileSync(join(folder, LABELS), ''),
      'has 0 bytes, fewer than the 8',
    ],
    [
      'labels where pictures belong',
      (folder) => fs.writeFileSync(join(folder, IMAGES), whole.labels),
      'begins with 0x00000801 instead of 0x00000803',
    ],
    [
      'pictures of another size',
      (folder) => fs.writeFileSync(join(folder, IMAGES), changed(whole.images, 8, 32)),
      'its pictures are 32 pixels wide or high instead of 28',
    ],
    [
      'a header that promises more than memory holds',
      (folder) => fs.writeFileSync(join(folder, IMAGES), changed(whole.images, 4, 2 ** 32 - 1)),
      `has ${16 + 48 * PIXELS} bytes, but the ${2 ** 32 - 1} items of its header need ${16 + (2 ** 32 - 1) * PIXELS}`,
    ],
    [
      'a picture too few',
      (folder) => fs.writeFileSync(join(folder, IMAGES), whole.images.subarray(0, -PIXELS)),
      /is damaged: it has \d+ bytes, but the 48 items of its header need \d+/,
    ],
    [
      'labels of another set',
      (folder) => fs.writeFileSync(join(folder, LABELS), idxBytes(drawn.test).labels),
      /has 48 pictures but .* has 24 labels/,
    ],
    [
      'a label that is no digit',
      (folder) => fs.writeFileSync(join(folder, LABELS), changed(whole.labels, 16, 0x01020a03)),
      'label 10 is 10; a label is a digit from 0 to 9',
    ],
    [
      'a file too large to be one',
      (folder) => fs.truncateSync(join(folder, LABELS), 70 * 2 ** 20),
      'is larger than 64 MiB',
    ],
    [
      'a pipe, which nobody writes to',
      (folder) => {
        fs.rmSync(join(folder, LABELS));
        execFileSync('mkfifo', [join(folder, LABELS)]);
      },
      'it is a pipe where a file is needed',
    ],
  ])('%s', async (_, damage, sentence) => {
    const folder = folderOfDigits();
    damage(folder);
    await expect(runsOf(folder)).rejects.toThrow(sentence);
    await expect(runsOf(folder)).rejects.toThrow(/^[^\n]+$/);
  });
});
