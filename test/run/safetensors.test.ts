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

const two = { dtype: 'U8', shape: [2], data_offsets: [0, 2] };

describe('bytes', () => {
  // Written by hand from the format's description: 8 bytes of length, JSON, spaces up to a multiple of 8, data.
  const header = '{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
  const literal = Uint8Array.from([
    ...[56, 0, 0, 0, 0, 0, 0, 0],
    ...[...header].map((character) => character.charCodeAt(0)),
    ...[0x00, 0x00, 0x80, 0x3f], // 1
    ...[0x00, 0x00, 0x20, 0xc0], // -2.5
  ]);
  const tensors: Tensors = { a: { dtype: 'F32', shape: [1, 2], data: Float32Array.of(1, -2.5) } };

  test('are those of the specification', () => {
    expect(header).toHaveLength(56);
    expect([...encode(tensors)]).toEqual([...literal]);
    expect(decode(literal)).toEqual({ tensors, metadata: {} });
  });

  test('a header is padded with spaces, so that the data is aligned', () => {
    const bytes = encode({ ab: { dtype: 'U8', shape: [1], data: Uint8Array.of(7) } });
    const json = '{"ab":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
    expect(json).toHaveLength(54);
    expect(Buffer.from(bytes).toString('latin1', 8)).toBe(`${json}  \x07`);
    expect(bytes[0]).toBe(56);
  });

  test('wider elements come first in the data, names keep their order', () => {
    const bytes = encode({
      narrow: { dtype: 'U8', shape: [1], data: Uint8Array.of(9) },
      wide: { dtype: 'F64', shape: [], data: Float64Array.of(0) },
    });
    expect([...bytes.subarray(-9)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 9]);
    expect(Object.keys(decode(bytes).tensors)).toEqual(['narrow', 'wide']);
  });
});

describe('round trip', () => {
  const shape = fc.array(fc.nat(4), { maxLength: 3 });
  const size = (dimensions: number[]) => dimensions.reduce((product, n) => product * n, 1);
  const floats = (n: number) => fc.float32Array({ minLength: n, maxLength: n });
  const doubles = (n: number) => fc.float64Array({ minLength: n, maxLength: n });
  const tensor = shape.chain((s) => {
    const exactly = { minLength: size(s), maxLength: size(s) };
    return fc.oneof(
      floats(size(s)).map((data) => ({ dtype: 'F32' as const, shape: s, data })),
      doubles(size(s)).map((data) => ({ dtype: 'F64' as const, shape: s, data })),
      fc.uint8Array(exactly).map((data) => ({ dtype: 'U8' as const, shape: s, data })),
      fc.int16Array(exactly).map((data) => ({ dtype: 'I16' as const, shape: s, data })),
      fc.int32Array(exactly).map((data) => ({ dtype: 'I32' as const, shape: s, data })),
      fc.uint32Array(exactly).map((data) => ({ dtype: 'U32' as const, shape: s, data })),
      fc.bigInt64Array(exactly).map((data) => ({ dtype: 'I64' as const, shape: s, data })),
    );
  });
  const name = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('__proto__', '0', 'constructor', 'toString'),
  );
  const entries = fc.uniqueArray(fc.tuple(name, tensor), {
    selector: ([n]) => n,
    maxLength: 6,
  });

  test('any tensors and metadata come back, wherever the bytes lie', () => {
    const metadata = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true });
    fc.assert(
      fc.property(entries, metadata, fc.nat(7), (given, meta, shift) => {
        const tensors = Object.fromEntries(given) as Tensors;
        const bytes = encode(tensors, meta);
        const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
        shifted.set(bytes);
        const decoded = decode(shifted);
        expect(Object.entries(decoded.tensors)).toEqual(Object.entries(tensors));
        expect(decoded.metadata).toEqual(meta);
        expect(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) % 8).toBe(0);
      }),
    );
  });

  test('whatever the bytes, decoding gives tensors or an error of one sentence', () => {
    const whole = encode({
      a: { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) },
      b: { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) },
    });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, end) => {
        const bytes = Uint8Array.from(whole);
        bytes[at] = byte;
        try {
          for (const { shape: s, data } of Object.values(decode(bytes.subarray(0, end)).tensors)) {
            expect(data).toHaveLength(size([...s]));
          }
        } catch (error) {
          expect((error as Error).constructor).toBe(Error);
          expect((error as Error).message).not.toContain('\n');
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('decode refuses', () => {
  const whole = encode({ a: { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) } });
  test.each<[string, Uint8Array, string]>([
    ['no bytes', Uint8Array.of(), 'it ends after 0 bytes, within its first 8'],
    ['a cut header', whole.subarray(0, 20), 'it ends after 20 bytes, within its header of 56'],
    ['cut data', whole.subarray(0, -1), 'it ends after 7 of 8 bytes of data'],
    ['an absurd header', new Uint8Array(8).fill(255), 'at most 100000000 make sense'],
    ['bad JSON', file('{"a":'), 'its header is not valid JSON'],
    ['bad UTF-8', file(Buffer.from([0x22, 0xff]).toString('latin1')), 'not valid JSON'],
    ['a header that is a list', file([]), 'its header is not a JSON object'],
    [
      'metadata of numbers',
      file({ __metadata__: { a: 1 } }),
      '__metadata__ in its header must map',
    ],
    ['an entry of nothing', file({ a: null }), 'tensor a: its entry is not a JSON object'],
    [
      'an unknown dtype',
      file({ a: { ...two, dtype: 'F7' } }),
      'tensor a: unknown dtype "F7"; known are',
    ],
    ['a dtype that objects inherit', file({ a: { ...two, dtype: 'toString' } }), 'unknown dtype'],
    ['a negative size', file({ a: { ...two, shape: [-2] } }, [1, 2]), 'its shape [-2] is no list'],
    [
      'swapped offsets',
      file({ a: { ...two, data_offsets: [2, 0] } }, [1, 2]),
      'are no [begin, end]',
    ],
    [
      'a size that does not fit',
      file({ a: { ...two, shape: [3] } }, [1, 2]),
      'tensor a: U8 [3] needs 3 bytes but its offsets span 2',
    ],
    [
      'an overlap',
      file({ a: two, b: { ...two, data_offsets: [1, 3] } }, [1, 2, 3]),
      'tensor b overlaps the one before it',
    ],
    [
      'a hole',
      file({ a: two, b: { ...two, data_offsets: [3, 5] } }, [1, 2, 3, 4, 5]),
      'no tensor owns the 1 bytes before b',
    ],
    [
      'bytes of nobody',
      file({ a: two }, [1, 2, 3]),
      'it goes on for 1 bytes after its last tensor',
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => decode(bytes)).toThrow(message);
  });
});

describe('encode refuses', () => {
  test('a shape that does not fit the data', () => {
    const tensors: Tensors = { w: { dtype: 'F32', shape: [2, 2], data: new Float32Array(3) } };
    expect(() => encode(tensors)).toThrow('tensor w: 3 elements do not fit shape [2,2]');
  });
  test('an array of another type', () => {
    const tensors = { w: { dtype: 'F32', shape: [3], data: new Int32Array(3) } };
    expect(() => encode(tensors as unknown as Tensors)).toThrow(
      'tensor w: F32 needs a Float32Array',
    );
  });
  test('the name that the format keeps for itself', () => {
    const tensors: Tensors = { __metadata__: { dtype: 'U8', shape: [0], data: new Uint8Array(0) } };
    expect(() => encode(tensors)).toThrow('cannot be named __metadata__');
  });
});
