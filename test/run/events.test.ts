import fs from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { crc32c } from '../../src/run/crc32.ts';
import { EventWriter, readEvents as readWhole } from '../../src/run/events.ts';
import { readEvents } from './read-events.ts';
import { temporaryFolder } from './temporary.ts';

describe('crc32c', () => {
  // RFC 3720, appendix B.4, and the check value of the CRC catalogue.
  test.each([
    ['"123456789"', Buffer.from('123456789'), 0xe3069283],
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['0 … 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    ['31 … 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ])('of %s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});

/** CRC-32C bit by bit, straight from its definition. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit += 1) {
      const out = (crc ^ (byte >>> bit)) & 1;
      crc = (crc >>> 1) ^ (out ? 0x82f63b78 : 0);
    }
  }
  return ~crc >>> 0;
}

function unmask(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

function expectSound(record: Buffer): void {
  const [head, data] = [record.subarray(0, 8), record.subarray(12, -4)];
  expect(unmask(record.readUInt32LE(8))).toBe(slowCrc32c(head));
  expect(unmask(record.readUInt32LE(record.length - 4))).toBe(slowCrc32c(data));
}

describe('EventWriter', () => {
  let path: string;
  beforeEach(() => {
    path = join(temporaryFolder(), 'events.out.tfevents.test');
  });
  const read = () => readEvents(fs.readFileSync(path), expectSound);
  const version = { step: 0, fileVersion: 'brain.Event:2', scalars: [] };

  test('a reader of the format finds every scalar', () => {
    const writer = new EventWriter(path, 1.5);
    const first = { 'train/reward': 0.5, 'train/entropy': -1.25 };
    const second = { 'train/reward': Number.NaN, größe: Number.POSITIVE_INFINITY };
    writer.append(640, first, 2.5);
    writer.append(2 ** 40 + 1, second, 3);
    expect(writer.file.position.bytes).toBe(fs.statSync(path).size);
    writer.file.close();
    expect(read()).toEqual([
      { wallTime: 1.5, ...version },
      { wallTime: 2.5, step: 640, scalars: Object.entries(first) },
      { wallTime: 3, step: 2 ** 40 + 1, scalars: Object.entries(second) },
    ]);
  });

  test('continues from the length of a checkpoint as if nothing had come after it', () => {
    const uninterrupted = new EventWriter(path, 1);
    uninterrupted.append(1, { a: 1 }, 1);
    const { position } = uninterrupted.file;
    uninterrupted.append(2, { a: 2 }, 2);
    uninterrupted.file.close();
    const bytes = fs.readFileSync(path);

    fs.appendFileSync(path, bytes.subarray(0, 5));
    const resumed = new EventWriter(path, 9, position);
    expect(resumed.file.position).toEqual(position);
    resumed.append(2, { a: 2 }, 2);
    resumed.file.close();
    expect(fs.readFileSync(path).equals(bytes)).toBe(true);
  });

  test('taken back to nothing, it starts with its version again', () => {
    new EventWriter(path, 1).file.close();
    new EventWriter(path, 2).file.close();
    expect(read()).toEqual([{ wallTime: 2, ...version }]);
  });
});

describe('readEvents', () => {
  let path: string;
  let whole: Buffer;
  beforeEach(() => {
    path = join(temporaryFolder(), 'events.out.tfevents.test');
    const writer = new EventWriter(path, 1);
    for (const step of [1, 2, 3]) writer.append(step, { a: step }, step);
    writer.file.close();
    whole = fs.readFileSync(path);
  });
  const stepsIn = (bytes: Uint8Array) => {
    fs.writeFileSync(path, bytes);
    const { records, problem } = readWhole(path);
    return { steps: records.map(({ step }) => step), problem };
  };

  test('finds the whole records, and leaves out what is being written', () => {
    expect(stepsIn(whole)).toEqual({ steps: [0, 1, 2, 3], problem: null });
    expect(stepsIn(whole.subarray(0, -1))).toEqual({ steps: [0, 1, 2], problem: null });
  });

  test('says which are damaged', () => {
    const at = whole.lastIndexOf('a'); // the tag of the last record
    const changed = Buffer.from(whole);
    changed[at]! ^= 1;
    expect(stepsIn(changed)).toEqual({ steps: [0, 1, 2], problem: 'has 1 damaged record' });
    const lost = Buffer.from(whole);
    lost[40]! ^= 1; // the length of the second record
    expect(stepsIn(lost)).toEqual({
      ...{ steps: [0], problem: 'has nothing readable from byte 40 on' },
    });
  });
});
