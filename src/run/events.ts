import protobuf from 'protobufjs';
import { AppendedFile } from './appended-file.ts';
import { maskedCrc32c } from './crc32c.ts';

/** The part of TensorFlow's `event.proto` and `summary.proto` that scalars need. */
const Event = protobuf
  .parse(`
    syntax = "proto3";
    message Event {
      double wall_time = 1;
      int64 step = 2;
      oneof what {
        string file_version = 3;
        Summary summary = 5;
      }
    }
    message Summary {
      message Value {
        string tag = 1;
        oneof value { float simple_value = 2; }
      }
      repeated Value value = 1;
    }`)
  .root.lookupType('Event');

/** Appends scalars to a TensorBoard event file. */
export class EventWriter {
  readonly file: AppendedFile;

  /**
   * @param length bytes of the file to keep: what it held at the checkpoint that is resumed, or 0
   * @param wallTime seconds since 1970; stamped on the first record of a new file
   * @param beforeWrite as `AppendedFile` takes it
   */
  constructor(path: string, length: number, wallTime: number, beforeWrite?: () => void) {
    this.file = new AppendedFile(path, length, beforeWrite);
    if (length === 0) this.#write({ wallTime, fileVersion: 'brain.Event:2' });
  }

  /**
   * @param step frames trained so far
   * @param scalars by tag, e.g. `train/reward`; stored as 32-bit floats
   * @param wallTime seconds since 1970
   * @throws Failure if the disk is full or the system refuses otherwise
   */
  append(step: number, scalars: Record<string, number>, wallTime: number): void {
    const value = Object.entries(scalars).map(([tag, simpleValue]) => ({ tag, simpleValue }));
    this.#write({ wallTime, step, summary: { value } });
  }

  #write(event: object): void {
    this.file.append(frame(Event.encode(event).finish()));
  }
}

/** A TFRecord: length (uint64), checksum of the length, data, checksum of the data; little-endian. */
function frame(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(8 + 4 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc32c(data), 12 + data.length);
  return record;
}
