import fs from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { MetricsWriter, readMetrics } from '../../src/run/metrics.ts';
import { temporaryFolder } from './temporary.ts';

let path: string;
beforeEach(() => {
  path = join(temporaryFolder(), 'metrics.jsonl');
});

function write(length: number, ...records: Parameters<MetricsWriter['append']>[0][]): number {
  const writer = new MetricsWriter(path, length);
  for (const record of records) writer.append(record);
  writer.file.close();
  return writer.file.length;
}

describe('metrics', () => {
  test('come back as they were written; what is not finite is null', () => {
    write(0, { frames: 640, loss: Number.NaN, low: -Infinity, high: Infinity, note: 'a\nb' });
    expect(fs.readFileSync(path, 'utf8')).toBe(
      '{"frames":640,"loss":null,"low":null,"high":null,"note":"a\\nb"}\n',
    );
    expect(readMetrics(path)).toEqual([
      { frames: 640, loss: null, low: null, high: null, note: 'a\nb' },
    ]);
  });

  test('a half-written last line is ignored, and cut off on resume', () => {
    const length = write(0, { frames: 1 }, { name: 'größer' });
    expect(length).toBe(fs.statSync(path).size);
    fs.appendFileSync(path, '{"frames":3,"los');
    expect(readMetrics(path)).toEqual([{ frames: 1 }, { name: 'größer' }]);
    write(length, { frames: 3 });
    expect(readMetrics(path)).toEqual([{ frames: 1 }, { name: 'größer' }, { frames: 3 }]);
  });

  test('are taken back to the length of an earlier checkpoint', () => {
    const length = write(0, { frames: 1 });
    write(length, { frames: 2 });
    write(length, { frames: 22 });
    expect(readMetrics(path)).toEqual([{ frames: 1 }, { frames: 22 }]);
  });

  test('damage within is named by its line', () => {
    fs.writeFileSync(path, '{"frames":1}\n{"frames"\n{"frames":3}\n');
    expect(() => readMetrics(path)).toThrow(`${path} is damaged: line 2 is not a JSON object`);
  });

  test('a file that lost its end is refused, not filled up', () => {
    const length = write(0, { frames: 1 });
    fs.truncateSync(path, 3);
    expect(() => new MetricsWriter(path, length)).toThrow(
      `${path} holds 3 bytes but held 13 when the checkpoint was saved`,
    );
    expect(fs.statSync(path).size).toBe(3);
  });
});
