import * as z from 'zod';
import { parseJson } from '../common/parse-json.ts';

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
const SPACE = 0x20;

const whole = z.int().min(0);
const entrySchema = z.object({
  dtype: z.literal('F32'),
  shape: z.array(whole),
  /** Where its bytes begin and end in the data. */
  data_offsets: z.tuple([whole, whole]),
});
type Entry = z.infer<typeof entrySchema>;

const elements = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

/**
 * The bytes of a safetensors file.
 * @throws TypeError naming the tensor whose data does not fit its shape
 */
export function encode(
  tensors: NamedTensors,
  metadata: Record<string, string>,
): Uint8Array<ArrayBuffer> {
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
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(SPACE, 8, 8 + headerLength);
  bytes.set(json, 8);
  let offset = 8 + headerLength;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return bytes;
}

/**
 * The tensors of a safetensors file, each in its own memory, which is no more than the file's.
 * @param bytes a file that `encode` wrote, or anything else
 * @throws TypeError saying what makes it another file
 */
export function decode(bytes: Uint8Array): NamedTensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dataStart = 8 + (bytes.length < 8 ? Infinity : Number(view.getBigUint64(0, true)));
  if (dataStart > bytes.length) throw new TypeError('its header is longer than the file');
  const entries = entriesOf(bytes.subarray(8, dataStart));
  const data = bytes.subarray(dataStart);
  let read = 0;
  const tensors = entries.map(([name, { shape, data_offsets }]) => {
    const [begin, end] = data_offsets;
    if (begin !== read || end > data.length || end - begin !== 4 * elements(shape)) {
      throw new TypeError(
        `its tensor ${name} [${shape}] does not fit the bytes ${begin} to ${end}`,
      );
    }
    read = end;
    // A copy starts at an aligned address, wherever `bytes` lies.
    const copy = new Uint8Array(data.subarray(begin, end)).buffer;
    return [name, { shape, data: new Float32Array(copy) }] as const;
  });
  if (read !== data.length) throw new TypeError('it holds more bytes than its tensors');
  return Object.fromEntries(tensors);
}

/** The tensors' entries. Zod's records lose a tensor that is named `__proto__`. */
function entriesOf(header: Uint8Array): [name: string, Entry][] {
  try {
    const entries = Object.entries(parseJson(new TextDecoder().decode(header)) as object);
    const tensors = entries.filter(([name]) => name !== METADATA);
    return tensors.map(([name, entry]) => [name, entrySchema.parse(entry)]);
  } catch (cause) {
    throw new TypeError('its header does not describe float32 tensors', { cause });
  }
}
