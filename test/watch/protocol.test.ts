import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replaySchema } from '../../src/play/replay.ts';
import { clientMessageSchema } from '../../src/watch/protocol.ts';
import { decodePicture, encodePicture } from '../../src/watch/wire-picture.ts';

const picture = fc
  .record({
    hash: fc.maxSafeNat(),
    height: fc.integer({ min: 0, max: 9 }),
    width: fc.integer({ min: 0, max: 9 }),
  })
  .chain((size) =>
    fc
      .uint8Array({
        minLength: size.height * size.width * 3,
        maxLength: size.height * size.width * 3,
      })
      .map((pixels) => ({ ...size, pixels })),
  );

describe('a picture', () => {
  test('is the same after its way', () => {
    fc.assert(
      fc.property(picture, (sent) => {
        expect(decodePicture(encodePicture(sent))).toEqual(sent);
      }),
    );
  });

  test('may lie anywhere in a larger buffer', () => {
    const sent = { hash: 7, height: 1, width: 2, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    const bytes = encodePicture(sent);
    const larger = new Uint8Array(bytes.length + 5);
    larger.set(bytes, 5);
    expect(decodePicture(larger.subarray(5))).toEqual(sent);
  });

  test.each([
    ['too short', (bytes: Uint8Array) => bytes.subarray(0, 15)],
    ['a byte less', (bytes: Uint8Array) => bytes.subarray(0, -1)],
    ['a byte more', (bytes: Uint8Array) => Uint8Array.of(...bytes, 0)],
    ['another version', (bytes: Uint8Array) => bytes.with(0, 2)],
    ['another number of channels', (bytes: Uint8Array) => bytes.with(1, 4)],
    ['a negative number', (bytes: Uint8Array) => bytes.with(8, 0xbf)],
  ])('%s is refused', (_, damage) => {
    const bytes = encodePicture({ hash: 3, height: 1, width: 1, pixels: new Uint8Array(3) });
    expect(() => decodePicture(damage(bytes))).toThrow('picture');
  });
});

test('what may be left out of a request is filled in', () => {
  const asked = { kind: 'episode', id: 1, number: null, seed: 0, policy: 'greedy', horizon: 5 };
  expect(clientMessageSchema.parse(asked)).toEqual({ ...asked, include: [], have: [] });
});

test('a replay has at least one pane', () => {
  const empty = {
    ...{ format: 'timegrid-replay', version: 1, world: { id: 'W-v0', options: {} } },
    ...{ number: 3, seed: 1, policy: 'greedy', panes: [] },
  };
  expect(replaySchema.safeParse(empty).success).toBe(false);
});
