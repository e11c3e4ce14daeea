import fs from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { crc32c } from '../../src/run/crc32c.ts';
import { EventWriter } from '../../src/run/events.ts';
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

/** The data of each TFRecord, both checksums verified. */
function records(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(unmask(bytes.readUInt32LE(at + 8))).toBe(slowCrc32c(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(unmask(bytes.readUInt32LE(at + 12 + length))).toBe(slowCrc32c(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

const Event = protobuf
  .parse(`
    syntax = "proto3";
    message Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
    message Summary { message Value { string tag = 1; float simple_value = 2; } repeated Value value = 1; }`)
  .root.lookupType('Event');

/** What TensorBoard sees in one event. */
function event(data: Buffer) {
  const {
    wallTime,
    step = 0,
    fileVersion,
    summary,
  } = Event.toObject(Event.decode(data), {
    longs: Number,
  });
  const values: { tag: string; simpleValue: number }[] = summary?.value ?? [];
  const scalars = values.map(({ tag, simpleValue }) => [tag, simpleValue]);
  return { wallTime, step, fileVersion, scalars };
}

describe('EventWriter', () => {
  let path: string;
  beforeEach(() => {
    path = join(temporaryFolder(), 'events.out.tfevents.test');
  });
  const read = () => records(fs.readFileSync(path)).map(event);
  const version = { step: 0, fileVersion: 'brain.Event:2', scalars: [] };

  test('a reader of the format finds every scalar', () => {
    const writer = new EventWriter(path, 0, 1.5);
    writer.append(640, { 'train/reward': 0.5, 'train/entropy': -1.25 }, 2.5);
    writer.append(2 ** 40 + 1, { 'train/reward': Number.NaN, größe: Number.POSITIVE_INFINITY }, 3);
    expect(writer.file.length).toBe(fs.statSync(path).size);
    writer.file.close();
    expect(read()).toEqual([
      { wallTime: 1.5, ...version },
      {
        wallTime: 2.5,
        step: 640,
        fileVersion: undefined,
        scalars: [
          ['train/reward', 0.5],
          ['train/entropy', -1.25],
        ],
      },
      {
        wallTime: 3,
        step: 2 ** 40 + 1,
        fileVersion: undefined,
        scalars: [
          ['train/reward', Number.NaN],
          ['größe', Number.POSITIVE_INFINITY],
        ],
      },
    ]);
  });

  test('continues from the length of a checkpoint as if nothing had come after it', () => {
    const uninterrupted = new EventWriter(path, 0, 1);
    uninterrupted.append(1, { a: 1 }, 1);
    const { length } = uninterrupted.file;
    uninterrupted.append(2, { a: 2 }, 2);
    uninterrupted.file.close();
    const bytes = fs.readFileSync(path);

    fs.appendFileSync(path, bytes.subarray(0, 5));
    const resumed = new EventWriter(path, length, 9);
    expect(resumed.file.length).toBe(length);
    resumed.append(2, { a: 2 }, 2);
    resumed.file.close();
    expect(fs.readFileSync(path).equals(bytes)).toBe(true);
  });

  test('taken back to nothing, it starts with its version again', () => {
    new EventWriter(path, 0, 1).file.close();
    new EventWriter(path, 0, 2).file.close();
    expect(read()).toEqual([{ wallTime: 2, ...version }]);
  });
});
