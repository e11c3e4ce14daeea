/**
 * Writes WebAssembly: as much of it as loops over vectors need. Code is a list of bytes; an expression is code that leaves one value
 * behind, so that expressions nest as they do in a formula.
 */

export type Code = readonly number[];
type Unary = (x: Code) => Code;
type Binary = (x: Code, y: Code) => Code;

/** An unsigned number in LEB128. */
function unsigned(value: number): Code {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)];
}

const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const sized = (code: Code): Code => [...unsigned(code.length), ...code];
const text = (name: string): Code => sized([...new TextEncoder().encode(name)]);

/** Types of values. */
export const type = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = (typeof type)[keyof typeof type];

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
const unary =
  (opcode: number): Unary =>
  (x) => [...x, ...simd(opcode)];
const binary =
  (opcode: number): Binary =>
  (x, y) => [...x, ...y, ...simd(opcode)];

export const local = (index: number): Code => [0x20, ...unsigned(index)];
export const assign = (index: number, value: Code): Code => [...value, 0x21, ...unsigned(index)];

/** Vectors of two float64. */
export const f64x2 = {
  splat: unary(0x14),
  add: binary(0xf0),
  sub: binary(0xf1),
  mul: binary(0xf2),
  div: binary(0xf3),
  sqrt: unary(0xef),
  /** The lower two of four float32. */
  promoteLow: unary(0x5f),
  /** As four float32, of which the upper two are zero. */
  demoteToLow: unary(0x5e),
  lane: (x: Code, lane: 0 | 1): Code => [...x, ...simd(0x21), lane],
} as const;

/** Vectors of four float32. */
export const f32x4 = {
  add: binary(0xe4),
  load: (at: Code): Code => [...at, ...simd(0x00), 2, 0],
  store: (at: Code, value: Code): Code => [...at, ...value, ...simd(0x0b), 2, 0],
} as const;

const shuffle = (x: Code, y: Code, halves: readonly [number, number]): Code => [
  ...[...x, ...y, ...simd(0x0d)],
  ...halves.flatMap((half) => Array.from({ length: 8 }, (_, byte) => 8 * half + byte)),
];
/** The upper half of a vector, in the place of the lower one. */
export const upper = (x: Code): Code => shuffle(x, x, [1, 1]);
/** The lower halves of two vectors in one. */
export const joinLow = (x: Code, y: Code): Code => shuffle(x, y, [0, 2]);

const VECTOR_BYTES = 16;

/** Repeats code with addresses that move on by a vector each time, until the first of them has reached `end`. At least once. */
export const forEachVector = (
  addresses: readonly [number, ...number[]],
  end: number,
  code: Code,
): Code => [
  ...[0x03, 0x40],
  ...code,
  ...addresses.flatMap((at) => assign(at, [...local(at), 0x41, VECTOR_BYTES, 0x6a])),
  ...[...local(addresses[0]), ...local(end), 0x49],
  ...[0x0d, 0x00, 0x0b],
];

export interface WasmFunction {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** Beside the parameters, and numbered after them. */
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

const MOST_PAGES = 65_536;

/** A module of functions over one shared memory, which it imports as `memory` of `host`. */
export function assemble(functions: Readonly<Record<string, WasmFunction>>): Uint8Array {
  const section = (id: number, items: readonly Code[]): Code => [id, ...sized(list(items))];
  const all = Object.values(functions);
  const shared = 3;
  const memory = [...text('host'), ...text('memory'), 2, shared, 0, ...unsigned(MOST_PAGES)];
  const types = all.map(({ parameters, results }) => [
    ...[0x60, ...list(parameters.map((one) => [one])), ...list(results.map((one) => [one]))],
  ]);
  const bodies = all.map(({ locals, body }) =>
    sized([...list(locals.map((one) => [1, one])), ...body, 0x0b]),
  );
  const exported = Object.keys(functions).map((name, i) => [...text(name), 0, ...unsigned(i)]);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, [memory]),
    ...section(
      3,
      all.map((_, i) => unsigned(i)),
    ),
    ...section(7, exported),
    ...section(10, bodies),
  ]);
}
