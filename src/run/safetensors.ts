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
export type NamedTensors = Record<string, Tensor>;

const METADATA = '__metadata__';

interface Entry {
  readonly shape: number[];
  /** Where its bytes begin and end in the data. */
  readonly data_offsets: readonly [number, number];
}

const elements = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

/**
 * The bytes of a safetensors file.
 * @throws TypeError naming the tensor whose data does not fit its shape
 */
export function encode(tensors: NamedTensors, metadata: Record<string, string>): Uint8Array {
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
 * @param bytes a file that `encode` wrote; whoever reads it from a disk checks its checksum first
 */
export function decode(bytes: Uint8Array): NamedTensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart = 8 + Number(view.getBigUint64(0, true));
  const header: Record<string, Entry> = JSON.parse(
    Buffer.from(bytes.subarray(8, dataStart)).toString(),
  );
  const { [METADATA]: _, ...entries } = header;
  const data = bytes.subarray(dataStart);
  const tensors = Object.entries(entries).map(([name, { shape, data_offsets }]) => {
    // A copy starts at an aligned address, wherever `bytes` lies.
    const copy = new Uint8Array(data.subarray(...data_offsets)).buffer;
    return [name, { shape, data: new Float32Array(copy) }] as const;
  });
  return Object.fromEntries(tensors);
}
