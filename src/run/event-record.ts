import { Writer } from 'protobufjs/minimal.js';
import { maskedCrc32c } from './crc32.ts';

/* The part of TensorFlow's `event.proto` and `summary.proto` that scalars need, written field by field as in `agent/compiler/onnx.ts`. */
const WALL_TIME = (1 << 3) | 1;
export const STEP = 2 << 3;
const FILE_VERSION = (3 << 3) | 2;
const SUMMARY = (5 << 3) | 2;
const VALUE = (1 << 3) | 2;
const TAG = (1 << 3) | 2;
const SIMPLE_VALUE = (2 << 3) | 5;

/** What a file begins with. @param wallTime seconds since 1970 */
export const firstRecord = (wallTime: number): Uint8Array<ArrayBuffer> =>
  frame(
    new Writer().uint32(WALL_TIME).double(wallTime).uint32(FILE_VERSION).string('brain.Event:2'),
  );

/**
 * @param step frames trained so far, at least 1
 * @param scalars by tag, e.g. `train/reward`; stored as 32-bit floats
 * @param wallTime seconds since 1970
 */
export function scalarsRecord(
  step: number,
  scalars: Readonly<Record<string, number>>,
  wallTime: number,
): Uint8Array<ArrayBuffer> {
  const writer = new Writer().uint32(WALL_TIME).double(wallTime).uint32(STEP).int64(step);
  writer.uint32(SUMMARY).fork();
  for (const [tag, value] of Object.entries(scalars)) {
    writer.uint32(VALUE).fork().uint32(TAG).string(tag).uint32(SIMPLE_VALUE).float(value).ldelim();
  }
  return frame(writer.ldelim());
}

/** A TFRecord: length (uint64), checksum of the length, data, checksum of the data; little-endian. */
function frame(writer: Writer): Uint8Array<ArrayBuffer> {
  const data = writer.finish();
  const record = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}
