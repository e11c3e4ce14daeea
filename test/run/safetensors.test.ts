import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode, type NamedTensors } from '../../src/run/safetensors.ts';

// Written by hand from the format's description: 8 bytes of length, JSON, spaces up to a multiple of 8, data.
const json = '{"__metadata__":{},"ab":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
const literal = Uint8Array.from([
  ...[80, 0, 0, 0, 0, 0, 0, 0],
  ...[...json.padEnd(80)].map((character) => character.charCodeAt(0)),
  ...[0x00, 0x00, 0x80, 0x3f], // 1
  ...[0x00, 0x00, 0x20, 0xc0], // -2.5
]);
const tensors: NamedTensors = { ab: { shape: [1, 2], data: Float32Array.of(1, -2.5) } };

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

test('what does not describe its own bytes is refused before anything is allocated for it', () => {
  const header = (entry: object, data = 8) => {
    const text = JSON.stringify({
      ab: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...entry },
    });
    const bytes = Buffer.alloc(8 + text.length + data);
    bytes.writeBigUInt64LE(BigInt(text.length));
    bytes.write(text, 8);
    return bytes;
  };
  expect(decode(header({}))).toEqual({ ab: { shape: [2], data: new Float32Array(2) } });
  for (const bytes of [new Uint8Array(0), literal.subarray(0, 40), new Uint8Array(20).fill(255)]) {
    expect(() => decode(bytes)).toThrow('its header is longer than the file');
  }
  for (const entry of [
    { shape: [1e15] },
    { shape: [1e15], data_offsets: [0, 4e15] },
    { data_offsets: [4, 12] },
    { shape: [1], data_offsets: [8, 4] },
  ]) {
    expect(() => decode(header(entry))).toThrow(/^its tensor ab \[.*\] does not fit the bytes/);
  }
  for (const entry of [{ shape: -1 }, { dtype: 'F64' }, { shape: [-2] }, { data_offsets: [0] }]) {
    expect(() => decode(header(entry))).toThrow('its header does not describe float32 tensors');
  }
  expect(() => decode(header({}, 12))).toThrow('it holds more bytes than its tensors');
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
