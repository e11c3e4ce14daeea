import fs from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { LOG_START } from '../../src/run/log-position.ts';
import { MetricsWriter, readMetrics } from '../../src/run/metrics.ts';
import { rowOf } from '../../src/run/metrics-row.ts';
import { temporaryFolder } from './temporary.ts';

let path: string;
beforeEach(() => {
  path = join(temporaryFolder(), 'metrics.jsonl');
});

function write(at = LOG_START, ...records: Parameters<MetricsWriter['append']>[0][]) {
  const writer = new MetricsWriter(path, at);
  for (const record of records) writer.append(record);
  writer.file.close();
  return writer.file.position;
}

const expectRecords = (...records: object[]) =>
  expect(readMetrics(path)).toEqual({ records, problem: null });

describe('metrics', () => {
  test('come back as they were written; what is not finite is null', () => {
    write(LOG_START, { frames: 640, loss: Number.NaN, low: -Infinity, note: 'a\nb' });
    // The checksum is that of Python's zlib.crc32.
    expect(fs.readFileSync(path, 'utf8')).toBe(
      '{"frames":640,"loss":null,"low":null,"note":"a\\nb","row":1,"crc32":"05172a28"}\n',
    );
    expectRecords({ frames: 640, loss: null, low: null, note: 'a\nb' });
  });

  test('a half-written last line is ignored, and cut off on resume, as are later rows', () => {
    const position = write(LOG_START, { frames: 1 }, { name: 'größer' });
    expect(position).toMatchObject({ bytes: fs.statSync(path).size, entries: 2 });
    fs.appendFileSync(path, '{"frames":3,"los');
    expectRecords({ frames: 1 }, { name: 'größer' });
    write(position, { frames: 3 });
    write(position, { frames: 33 });
    expectRecords({ frames: 1 }, { name: 'größer' }, { frames: 33 });
  });

  const rows = [1, 2, 3, 4].map((frames) => Buffer.from(rowOf({ frames }, frames)).toString());
  const [first, second, third, fourth] = rows as [string, string, string, string];
  test.each([
    ['a digit changed', [first, second.replace(':2', ':7'), third], 'has 1 damaged row', [1, 3]],
    [
      'a checksum changed',
      [first, second.replace(/.("\})/, 'x$1'), third],
      'has 1 damaged row',
      [1, 3],
    ],
    ['a row lost', [first, third, fourth], 'has 1 lost row', [1, 3, 4]],
    ['the first rows lost', [third, fourth], 'has 2 lost rows', [3, 4]],
    ['a row repeated', [first, second, second, third], 'has 1 repeated row', [1, 2, 3]],
    ['rows swapped', [first, third, second, fourth], 'has 1 lost, 1 repeated rows', [1, 3, 4]],
    ['a row torn', [first, '{"fra\n', 'mes":2}\n', third], 'has 2 damaged rows', [1, 3]],
    [
      'two rows joined',
      [first, second.trimEnd() + third, fourth],
      'has 1 damaged, 1 lost rows',
      [1, 4],
    ],
    ['a row without end', [first, `${'x'.repeat(2 ** 21)}\n`, third], 'has 1 damaged row', [1, 3]],
    ['depth', [first, `${'['.repeat(2e5)}\n`, third], 'has 1 damaged row', [1, 3]],
  ])('%s is noticed, and the other rows are read', (_, lines, problem, frames) => {
    fs.writeFileSync(path, lines.join(''));
    expect(readMetrics(path)).toEqual({ records: frames.map((frames) => ({ frames })), problem });
  });

  test('a file that is shorter than it was is not filled up', () => {
    const position = write(LOG_START, { frames: 1 });
    fs.truncateSync(path, 3);
    expect(() => new MetricsWriter(path, position)).toThrow(`${path} holds 3 bytes, but held`);
    expect(fs.statSync(path).size).toBe(3);
  });

  test('a file of any size costs one sentence', () => {
    fs.writeFileSync(path, '');
    fs.truncateSync(path, 3 * 2 ** 30);
    expect(() => readMetrics(path)).toThrow(`${path} is larger than 256 MiB`);
  });
});

describe('a file that is taken away while it is written', () => {
  test('is restored', () => {
    const notes: string[] = [];
    const writer = new MetricsWriter(path, LOG_START, { note: (note) => notes.push(note) });
    writer.append({ frames: 1 });
    fs.rmSync(path);
    writer.append({ frames: 2 });
    fs.rmSync(path);
    writer.file.sync();
    writer.append({ frames: 3 });
    writer.file.close();
    expectRecords({ frames: 1 }, { frames: 2 }, { frames: 3 });
    const note = `${path} was deleted during the training; it has been restored`;
    expect(notes).toEqual([note, note]);
  });

  test('and replaced by another is one sentence', () => {
    const writer = new MetricsWriter(path);
    writer.append({ frames: 1 });
    fs.rmSync(path);
    fs.writeFileSync(path, 'mine');
    expect(() => writer.append({ frames: 2 })).toThrow(
      `${path} was replaced by another file during the training; resume the run`,
    );
    expect(fs.readFileSync(path, 'utf8')).toBe('mine');
    writer.file.close();
  });
});
