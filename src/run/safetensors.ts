/**
 * The safetensors format (https://github.com/huggingface/safetensors, README, "Format"):
 * header length (uint64, little-endian), header (JSON, padded with spaces to a multiple of 8), data.
 */

/** Element types and the arrays that hold them, from the narrowest to the widest. */
const arrays = {
  BOOL: Uint8Array,
  U8: Uint8Array,
  I8: Int8Array,
  I16: Int16Array,
  U16: Uint16Array,
  I32: Int32Array,
  U32: Uint32Array,
  F32: Float32Array,
  F64: Float64Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
};

export type Dtype = keyof typeof arrays;

/** A tensor: `shape` and its elements in row-major order. */
export type Tensor = {
  [D in Dtype]: {
    readonly dtype: D;
    readonly shape: readonly number[];
    readonly data: InstanceType<(typeof arrays)[D]>;
  };
}[Dtype];

/** Tensors by name, in the order in which they were given to {@link encode}. */
export type Tensors = Record<string, Tensor>;

const metadataKey = '__metadata__';
const maximalHeaderLength = 100_000_000;

/**
 * The bytes of a safetensors file. Wider elements come first in the data, so that every tensor is aligned.
 *
 * @throws TypeError naming the tensor whose data does not fit its shape or dtype
 */
export function encode(tensors: Tensors, metadata?: Record<string, string>): Uint8Array {
  const header = new Map<string, object>();
  if (metadata) header.set(metadataKey, metadata);
  for (const [name, tensor] of Object.entries(tensors)) {
    requireConsistent(name, tensor);
    header.set(name, tensor);
  }

  const widestFirst = Object.entries(tensors).sort(
    ([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT,
  );
  let dataLength = 0;
  for (const [name, { dtype, shape, data }] of widestFirst) {
    const end = dataLength + data.byteLength;
    header.set(name, { dtype, shape, data_offsets: [dataLength, end] });
    dataLength = end;
  }

  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(8 + headerLength + dataLength, ' ');
  bytes.writeBigUInt64LE(BigInt(headerLength), 0);
  bytes.set(json, 8);
  let offset = 8 + headerLength;
  for (const [, { data }] of widestFirst) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

function requireConsistent(name: string, { dtype, shape, data }: Tensor): void {
  if (name === metadataKey) throw new TypeError(`a tensor cannot be named ${metadataKey}`);
  if (!(data instanceof arrays[dtype])) {
    throw new TypeError(`tensor ${name}: ${dtype} needs a ${arrays[dtype].name}`);
  }
  if (!isShape(shape) || elements(shape) !== data.length) {
    throw new TypeError(`tensor ${name}: ${data.length} elements do not fit shape [${shape}]`);
  }
}

/**
 * The tensors of a safetensors file, each in memory of its own.
 *
 * @throws Error with one sentence about the first thing that is wrong, without the file's name
 */
export function decode(bytes: Uint8Array): {
  tensors: Tensors;
  metadata: Record<string, string>;
} {
  const { header, data } = split(bytes);
  const { [metadataKey]: metadata = {}, ...entries } = header;
  if (!isObject(metadata) || Object.values(metadata).some((value) => typeof value !== 'string')) {
    throw new Error(`${metadataKey} in its header must map names to strings`);
  }
  const described = Object.entries(entries).map(([name, entry]) => describe(name, entry));
  requireSeamless(described, data.length);
  const tensors = described.map(({ name, dtype, shape, begin, end }) => {
    // A copy starts at an aligned address, wherever `bytes` may lie.
    const copy = new Uint8Array(data.subarray(begin, end)).buffer;
    return [name, { dtype, shape, data: new arrays[dtype](copy) } as Tensor] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata: metadata as Record<string, string> };
}

function split(bytes: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  if (bytes.length < 8) throw new Error(`it ends after ${bytes.length} bytes, within its first 8`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getBigUint64(0, true);
  if (headerLength > maximalHeaderLength) {
    throw new Error(
      `its header claims ${headerLength} bytes; at most ${maximalHeaderLength} make sense`,
    );
  }
  const dataStart = 8 + Number(headerLength);
  if (bytes.length < dataStart) {
    throw new Error(`it ends after ${bytes.length} bytes, within its header of ${headerLength}`);
  }
  let header: unknown;
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    header = JSON.parse(decoder.decode(bytes.subarray(8, dataStart)));
  } catch (error) {
    throw new Error(`its header is not valid JSON (${(error as Error).message})`);
  }
  if (!isObject(header)) throw new Error('its header is not a JSON object');
  return { header, data: bytes.subarray(dataStart) };
}

interface Described {
  name: string;
  dtype: Dtype;
  shape: number[];
  /** Where its bytes begin and end in the data. */
  begin: number;
  end: number;
}

function describe(name: string, entry: unknown): Described {
  if (!isObject(entry)) throw new Error(`tensor ${name}: its entry is not a JSON object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(arrays, dtype)) {
    const known = Object.keys(arrays).join(', ');
    throw new Error(`tensor ${name}: unknown dtype ${JSON.stringify(dtype)}; known are ${known}`);
  }
  if (!isShape(shape)) {
    throw new Error(`tensor ${name}: its shape ${JSON.stringify(shape)} is no list of sizes`);
  }
  if (!isShape(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw new Error(`tensor ${name}: its offsets ${JSON.stringify(offsets)} are no [begin, end]`);
  }
  const [begin, end] = offsets as [number, number];
  const needed = elements(shape) * arrays[dtype as Dtype].BYTES_PER_ELEMENT;
  if (end - begin !== needed) {
    throw new Error(
      `tensor ${name}: ${dtype} [${shape}] needs ${needed} bytes but its offsets span ${end - begin}`,
    );
  }
  return { name, dtype: dtype as Dtype, shape, begin, end };
}

/** The format allows neither overlaps nor holes nor bytes that no tensor owns. */
function requireSeamless(described: readonly Described[], dataLength: number): void {
  let expected = 0;
  const inOrder = [...described].sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const { name, begin, end } of inOrder) {
    if (begin < expected) throw new Error(`tensor ${name} overlaps the one before it`);
    if (begin > expected)
      throw new Error(`no tensor owns the ${begin - expected} bytes before ${name}`);
    expected = end;
  }
  if (dataLength < expected) {
    throw new Error(`it ends after ${dataLength} of ${expected} bytes of data`);
  }
  if (dataLength > expected) {
    throw new Error(`it goes on for ${dataLength - expected} bytes after its last tensor`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
