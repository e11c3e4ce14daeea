import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode, type Tensors } from '../../src/run/safetensors.ts';

/** A file from a header and data, put together without the encoder. */
function file(header: unknown, data: number[] = []): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeUInt32LE(json.length, 0);
  return Buffer.concat([length, json, Uint8Array.from(data)]);
}

// Written by hand from the format's description: 8 bytes of length, JSON, spaces up to a multiple of 8, data.
const json = '{"__metadata__":{},"ab":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
const literal = Uint8Array.from([
  ...[80, 0, 0, 0, 0, 0, 0, 0],
  ...[...json.padEnd(80)].map((character) => character.charCodeAt(0)),
  ...[0x00, 0x00, 0x80, 0x3f], // 1
  ...[0x00, 0x00, 0x20, 0xc0], // -2.5
]);
const tensors: Tensors = { ab: { shape: [1, 2], data: Float32Array.of(1, -2.5) } };

test('the bytes are those of the specification', () => {
  expect(json).toHaveLength(75);
  expect([...encode(tensors, {})]).toEqual([...literal]);
  expect(decode(literal)).toEqual(tensors);
});

test('any tensors come back in their order, wherever the bytes lie', () => {
  const size = (shape: number[]) => shape.reduce((product, n) => product * n, 1);
  const tensor = fc
    .array(fc.nat(4), { maxLength: 3 })
    .chain((shape) =>
      fc
        .float32Array({ minLength: size(shape), maxLength: size(shape) })
        .map((data) => ({ shape, data })),
    );
  const name = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('__proto__', '0', 'constructor', 'toString'),
  );
  const entries = fc.uniqueArray(fc.tuple(name, tensor), {
    selector: ([n]) => n,
    maxLength: 6,
  });
  fc.assert(
    fc.property(entries, fc.nat(7), (given, shift) => {
      const all = Object.fromEntries(given);
      const bytes = encode(all, { format: 'timegrid' });
      const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
      shifted.set(bytes);
      expect(Object.entries(decode(shifted))).toEqual(Object.entries(all));
      expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) % 8).toBe(0);
    }),
  );
});

test('decoding any bytes gives tensors or an error of one sentence', () => {
  fc.assert(
    fc.property(
      fc.nat(literal.length - 1),
      fc.nat(255),
      fc.nat(literal.length),
      (at, byte, end) => {
        const bytes = Uint8Array.from(literal);
        bytes[at] = byte;
        try {
          for (const { shape, data } of Object.values(decode(bytes.subarray(0, end)))) {
            expect(data).toHaveLength(shape.reduce((product, n) => product * n, 1));
          }
        } catch (error) {
          expect((error as Error).constructor).toBe(Error);
          expect((error as Error).message).not.toContain('\n');
        }
      },
    ),
    { numRuns: 1000 },
  );
});

describe('decode refuses', () => {
  const one = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  test.each<[string, Uint8Array, string]>([
    ['no bytes', Uint8Array.of(), 'it ends after 0 bytes, within its first 8'],
    ['a cut header', literal.subarray(0, 20), 'it ends after 20 bytes, within its header of 80'],
    ['cut data', literal.subarray(0, -1), 'tensor ab: [1,2] needs 8 of 7 bytes'],
    ['an absurd header', new Uint8Array(8).fill(255), 'within its header of 18446744073709551615'],
    ['bad JSON', file('{"a":'), 'its header is not valid JSON'],
    ['a header that is a list', file([]), 'its header must be a JSON object'],
    ['an entry of nothing', file({ a: null }), 'tensor a: Invalid input: expected object'],
    ['another dtype', file({ a: { ...one, dtype: 'F64' } }), 'tensor a: dtype Invalid input'],
    ['a negative size', file({ a: { ...one, shape: [-1] } }), 'tensor a: shape 0 Too small'],
    [
      'swapped offsets',
      file({ a: { ...one, data_offsets: [4, 0] } }, [1, 2, 3, 4]),
      'tensor a: [1] needs 4 of 4 bytes, which [4,0] are not',
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => decode(bytes)).toThrow(message);
  });
});

test('encode refuses a shape that does not fit the data, and the name that the format reserves', () => {
  const data = new Float32Array(3);
  expect(() => encode({ w: { shape: [2, 2], data } }, {})).toThrow(
    'tensor w: 3 elements do not fit shape [2,2]',
  );
  expect(() => encode({ __metadata__: { shape: [3], data } }, {})).toThrow(
    'cannot be named __metadata__',
  );
});
