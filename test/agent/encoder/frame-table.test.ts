import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameTable } from '../../../agent/encoder/frame-table.ts';
import { numbers } from '../engines/engines-at-work.ts';

describe('a table of frames', () => {
  test('gives equal frames one index, in order of first sight', () => {
    const table = new FrameTable(3, 4);
    const frames = [
      [1, 2, 3],
      [1, 2, 4],
      [1, 2, 3],
      [0, 0, 0],
      [1, 2, 4],
    ];
    expect(frames.map((frame) => table.indexOf(Uint8Array.from(frame)))).toEqual([0, 1, 0, 2, 1]);
    expect(table.count).toBe(3);
    expect([...table.pixels()]).toEqual([1, 2, 3, 1, 2, 4, 0, 0, 0]);
    expect([...table.pixels(2)]).toEqual([0, 0, 0]);
    table.clear();
    expect(table.count).toBe(0);
    expect(table.indexOf(Uint8Array.of(0, 0, 0))).toBe(0);
    expect([...table.pixels()]).toEqual([0, 0, 0]);
  });

  test('keeps apart frames of any size, however they lie in memory, many of them with equal hashes or buckets', () => {
    // Few values and many frames: with some thousands of distinct frames buckets collide by the hundreds.
    const anyFrames = fc.record({
      size: fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 12, 16, 27),
      values: fc.constantFrom(2, 3, 256),
      count: fc.integer({ min: 1, max: 3000 }),
      offset: fc.nat(3),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(anyFrames, ({ size, values, count, offset, seed }) => {
        const table = new FrameTable(size, count);
        const memory = new Uint8Array(offset + count * size);
        memory.set(numbers(seed).bytes(count * size, values), offset);
        const known = new Map<string, number>();
        const mistakes: number[] = [];
        for (let i = 0; i < count; i++) {
          const frame = memory.subarray(offset + i * size, offset + (i + 1) * size);
          const key = frame.join();
          if (!known.has(key)) known.set(key, known.size);
          mistakes.push(table.indexOf(frame) - known.get(key)!);
        }
        expect(new Set(mistakes)).toEqual(new Set([0]));
        expect(table.count).toBe(known.size);
        expect([...table.pixels()].join()).toBe([...known.keys()].join());
      }),
      { seed: 4, numRuns: 40 },
    );
  });

  test('keeps apart frames whose hashes are equal', () => {
    // Among 200,000 random frames some five pairs are expected to have equal hashes of 32 bits.
    const table = new FrameTable(8, 200_000);
    const frame = new Uint8Array(8);
    const words = new Uint32Array(frame.buffer);
    const { uniform } = numbers('collisions');
    const seen: [number, number][] = [];
    for (let i = 0; i < 200_000; i++) {
      words[0] = uniform() * 2 ** 32;
      words[1] = uniform() * 2 ** 32;
      seen.push([words[0]!, words[1]!]);
      if (table.indexOf(frame) !== i) throw new Error(`frame ${i} was taken for another`);
    }
    for (const [i, [a, b]] of seen.entries()) {
      words[0] = a;
      words[1] = b;
      if (table.indexOf(frame) !== i) throw new Error(`frame ${i} was taken for another`);
    }
  });

  test('refuses a frame too many, but not one that it knows', () => {
    const table = new FrameTable(2, 2);
    table.indexOf(Uint8Array.of(1, 1));
    table.indexOf(Uint8Array.of(2, 2));
    expect(() => table.indexOf(Uint8Array.of(3, 3))).toThrow(
      new RangeError('More than 2 distinct frames.'),
    );
    expect(table.indexOf(Uint8Array.of(2, 2))).toBe(1);
    expect(table.count).toBe(2);
  });

  test.each([3, 5])('refuses a frame of %i bytes where frames have 4', (size) => {
    const table = new FrameTable(4, 2);
    expect(() => table.indexOf(new Uint8Array(size))).toThrow(
      new RangeError(`A frame of ${size} bytes in a table of frames of 4.`),
    );
  });
});
