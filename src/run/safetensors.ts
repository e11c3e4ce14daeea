import * as z from 'zod';

/**
 * The safetensors format (https://github.com/huggingface/safetensors, README, "Format"):
 * header length (uint64, little-endian), header (JSON, padded with spaces to a multiple of 8), data.
 * Here every tensor is float32.
 */

/** A float32 tensor: `shape` and its elements in row-major order. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Tensors by name, in the order in which they were given to {@link encode}. */
export type Tensors = Record<string, Tensor>;

const METADATA = '__metadata__';

const size = z.int().min(0);
const entrySchema = z.object({
  dtype: z.literal('F32'),
  shape: z.array(size),
  data_offsets: z.tuple([size, size]),
});

const elements = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

/**
 * The bytes of a safetensors file.
 * @throws TypeError naming the tensor whose data does not fit its shape
 */
export function encode(tensors: Tensors, metadata: Record<string, string>): Uint8Array {
  const header = new Map<string, object>([[METADATA, metadata]]);
  let dataLength = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (name === METADATA) throw new TypeError(`a tensor cannot be named ${METADATA}`);
    if (elements(shape) !== data.length) {
      throw new TypeError(`tensor ${name}: ${data.length} elements do not fit shape [${shape}]`);
    }
    const end = dataLength + data.byteLength;
    header.set(name, { dtype: 'F32', shape, data_offsets: [dataLength, end] });
    dataLength = end;
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(8 + headerLength + dataLength, ' ');
  bytes.writeBigUInt64LE(BigInt(headerLength), 0);
  bytes.set(json, 8);
  let offset = 8 + headerLength;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * The tensors of a safetensors file, each in its own memory.
 * @throws Error with one sentence about the first thing that is wrong, without the file's name
 */
export function decode(bytes: Uint8Array): Tensors {
  const { header, data } = split(bytes);
  const { [METADATA]: _, ...entries } = header;
  const tensors = Object.entries(entries).map(([name, entry]) => {
    const parsed = entrySchema.safeParse(entry);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!;
      throw new Error(`tensor ${name}: ${[...path, message].join(' ')}`);
    }
    const { shape, data_offsets: offsets } = parsed.data;
    const [begin, end] = offsets;
    const needed = elements(shape) * Float32Array.BYTES_PER_ELEMENT;
    if (end - begin !== needed || end > data.length) {
      throw new Error(
        `tensor ${name}: [${shape}] needs ${needed} of ${data.length} bytes, which [${offsets}] are not`,
      );
    }
    // A copy starts at an aligned address, wherever `bytes` lies.
    const copy = new Uint8Array(data.subarray(begin, end)).buffer;
    return [name, { shape, data: new Float32Array(copy) }] as const;
  });
  return Object.fromEntries(tensors);
}

function split(bytes: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  if (bytes.length < 8) throw new Error(`it ends after ${bytes.length} bytes, within its first 8`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getBigUint64(0, true);
  if (headerLength > bytes.length - 8) {
    throw new Error(`it ends after ${bytes.length} bytes, within its header of ${headerLength}`);
  }
  const dataStart = 8 + Number(headerLength);
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(bytes.subarray(8, dataStart)).toString());
  } catch (error) {
    throw new Error(`its header is not valid JSON (${(error as Error).message})`);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new Error('its header must be a JSON object');
  }
  return { header: { ...header }, data: bytes.subarray(dataStart) };
}
