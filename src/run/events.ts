import protobuf from 'protobufjs';
import { MOST_LOG, readPieces, requireSize } from '../common/read-file.ts';
import { AppendedFile, LOG_START, type LogHooks, type LogPosition } from './appended-file.ts';
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
   * @param wallTime seconds since 1970; stamped on the first record of a new file
   * @param position what the file held at the checkpoint that is resumed; what it has more is cut off
   */
  constructor(
    path: string,
    wallTime: number,
    position: LogPosition = LOG_START,
    hooks?: Partial<LogHooks>,
  ) {
    this.file = new AppendedFile(path, position, hooks);
    if (position.bytes === 0) this.file.append(firstRecord(wallTime));
  }

  /**
   * @param step frames trained so far
   * @param scalars by tag, e.g. `train/reward`; stored as 32-bit floats
   * @param wallTime seconds since 1970
   * @throws Failure if the disk is full or the system refuses otherwise
   */
  append(step: number, scalars: Record<string, number>, wallTime: number): void {
    const value = Object.entries(scalars).map(([tag, simpleValue]) => ({ tag, simpleValue }));
    this.file.append(recordOf({ wallTime, step, summary: { value } }));
  }
}

/** What a file begins with. */
export const firstRecord = (wallTime: number): Uint8Array =>
  recordOf({ wallTime, fileVersion: 'brain.Event:2' });

const recordOf = (event: object): Buffer => frame(Event.encode(event).finish());

/** A TFRecord: length (uint64), checksum of the length, data, checksum of the data; little-endian. */
function frame(data: Uint8Array): Buffer {
  const record = Buffer.alloc(8 + 4 + data.length + 4);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc32c(data), 12 + data.length);
  return record;
}

/** A record of an event file as it is on the disk, checksums included. */
export interface EventRecord {
  /** Frames trained so far; 0 for the record that begins a file. */
  readonly step: number;
  readonly bytes: Uint8Array;
}

/** Bytes. Records are far shorter: a greater length is damage. */
const MOST_RECORD = 2 ** 20;

/**
 * The whole records of an event file. An unfinished last one is left out.
 *
 * @returns also what is wrong with the file, as the predicate of a sentence; null where nothing is
 * @throws Failure naming the file if it is missing or cannot be read
 */
export function readEvents(path: string): {
  readonly records: EventRecord[];
  readonly problem: string | null;
} {
  requireSize(path, MOST_LOG);
  const records: EventRecord[] = [];
  let rest = Buffer.alloc(0);
  let at = 0;
  let damaged = 0;
  let isLost = false;
  readPieces(path, 0, MOST_LOG, (piece) => {
    if (isLost) return;
    rest = Buffer.concat([rest, piece]);
    let start = 0;
    while (rest.length - start >= 12) {
      const length = lengthOf(rest.subarray(start));
      // Nothing else says where the next record begins.
      if (length === undefined) isLost = true;
      if (length === undefined || rest.length - start < 16 + length) break;
      const bytes = Buffer.from(rest.subarray(start, start + 16 + length));
      const step = stepOf(bytes);
      if (step === undefined) damaged += 1;
      else records.push({ step, bytes });
      start += bytes.length;
    }
    at += start;
    rest = rest.subarray(start);
  });
  const problems = [
    ...(damaged > 0 ? [`${damaged} damaged record${damaged === 1 ? '' : 's'}`] : []),
    ...(isLost ? [`nothing readable from byte ${at} on`] : []),
  ];
  return { records, problem: problems.length === 0 ? null : `has ${problems.join(' and ')}` };
}

function lengthOf(record: Buffer): number | undefined {
  const length = Number(record.readBigUInt64LE(0));
  const isSound = record.readUInt32LE(8) === maskedCrc32c(record.subarray(0, 8));
  return isSound && length <= MOST_RECORD ? length : undefined;
}

/** Undefined for a damaged record. */
function stepOf(record: Buffer): number | undefined {
  const data = record.subarray(12, -4);
  if (record.readUInt32LE(record.length - 4) !== maskedCrc32c(data)) return undefined;
  try {
    return Number((Event.decode(data) as { step?: unknown }).step ?? 0);
  } catch {
    return undefined;
  }
}
