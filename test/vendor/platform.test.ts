import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as node from '../../vendor/platform/node.js';

const browser: typeof node = await import('../../dist/vendor/platform/browser.js' as string);
const bytes = fc.uint8Array({ maxLength: 300 });

test('a browser computes the same digests as Node', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), bytes)), (parts) => {
      expect([...browser.sha256(...parts)]).toEqual([...node.sha256(...parts)]);
    }),
  );
});

test('and writes the same base64, which either reads', () => {
  fc.assert(
    fc.property(bytes, (given) => {
      const text = node.toBase64(given);
      expect(browser.toBase64(given)).toBe(text);
      expect([...browser.fromBase64(text)]).toEqual([...given]);
      expect([...node.fromBase64(text)]).toEqual([...given]);
    }),
  );
});

test('both tell equal bytes from others, also within larger buffers', () => {
  fc.assert(
    fc.property(bytes, fc.nat(299), (given, at) => {
      const held = Uint8Array.from([0, ...given, 0]);
      const copy = held.subarray(1, -1);
      for (const { areEqual } of [node, browser]) {
        expect(areEqual(given, copy)).toBe(true);
        expect(areEqual(given, held)).toBe(false);
      }
      for (const { areEqualParts } of [node, browser]) {
        expect(areEqualParts(given, 0, held, 1, given.length)).toBe(true);
      }
      if (at >= given.length) return;
      copy[at]! ^= 1;
      for (const { areEqualParts } of [node, browser]) {
        expect(areEqualParts(given, 0, held, 1, given.length)).toBe(false);
        expect(areEqualParts(held, 1, given, 0, at)).toBe(true);
      }
      for (const { areEqual } of [node, browser]) expect(areEqual(given, copy)).toBe(false);
    }),
  );
});
