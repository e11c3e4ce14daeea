import { Reader } from 'protobufjs/minimal.js';
import { MOST_LOG, readPieces, requireSize } from '../common/read-file.ts';
import { AppendedFile, type LogHooks } from './appended-file.ts';
import { maskedCrc32c } from './crc32.ts';
import { firstRecord, STEP, scalarsRecord } from './event-record.ts';
import { LOG_START, type LogPosition } from './log-position.ts';

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
    this.file.append(scalarsRecord(step, scalars, wallTime));
  }
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
    let step = 0;
    for (const reader = new Reader(data); reader.pos < reader.len; ) {
      const tag = reader.uint32();
      if (tag === STEP) step = Number(reader.int64());
      else reader.skipType(tag & 7);
    }
    return step;
  } catch {
    return undefined;
  }
}
