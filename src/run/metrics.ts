import fs from 'node:fs';
import { crc32 } from 'node:zlib';
import { parseJson } from '../common/parse-json.ts';
import { LineSplitter, MOST_LOG, readPieces, requireSize } from '../common/read-file.ts';
import { AppendedFile, type LogHooks } from './appended-file.ts';
import { LOG_START, type LogPosition } from './log-position.ts';
import { type MetricsRecord, rowOf } from './metrics-row.ts';

/** The end of a row: CRC-32 of all before it, which ends in the number of the row. */
const CHECK = /^,"crc32":"([0-9a-f]{8})"\}$/;
const CHECK_BYTES = ',"crc32":"00000000"}'.length;

/** Appends records to a JSON Lines file, each with its number, from 1 on, and a checksum. */
export class MetricsWriter {
  readonly file: AppendedFile;

  /** @param position what the file held at the checkpoint that is resumed; what it has more is cut off */
  constructor(path: string, position: LogPosition = LOG_START, hooks?: Partial<LogHooks>) {
    this.file = new AppendedFile(path, position, hooks);
  }

  /** @throws Failure if the disk is full or the system refuses otherwise */
  append(record: MetricsRecord): void {
    this.file.append(rowOf(record, this.file.position.entries + 1));
  }
}

/** Reads the lines of a metrics file in their order, and counts what is wrong with them. */
export class MetricsReader {
  /** The number of the row that comes next. */
  #next = 1;
  /** Unreadable lines since the last whole row: each may have been a row that is missing. */
  #unread = 0;
  #damaged = 0;
  #lost = 0;
  #repeated = 0;

  /** @returns the record of a whole row; null for a line that is damaged, or that was there before */
  read(line: Uint8Array | null): MetricsRecord | null {
    const found = line && wholeRow(line);
    if (!found) {
      this.#damaged += 1;
      this.#unread += 1;
      return null;
    }
    const { row, ...record } = found;
    if (row < this.#next) {
      this.#repeated += 1;
      return null;
    }
    this.#lost += Math.max(0, row - this.#next - this.#unread);
    this.#unread = 0;
    this.#next = row + 1;
    return record;
  }

  /** What is wrong with the lines so far, as the predicate of a sentence; null where nothing is. */
  get problem(): string | null {
    const counts = [
      [this.#damaged, 'damaged'],
      [this.#lost, 'lost'],
      [this.#repeated, 'repeated'],
    ] as const;
    const found = counts.filter(([count]) => count > 0);
    if (found.length === 0) return null;
    return `has ${found.map(([count, what]) => `${count} ${what}`).join(', ')} row${found.length === 1 && found[0]![0] === 1 ? '' : 's'}`;
  }
}

function wholeRow(bytes: Uint8Array): (MetricsRecord & { row: number }) | null {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const row = line.subarray(0, Math.max(0, line.length - CHECK_BYTES));
  const check = CHECK.exec(line.toString('latin1', row.length))?.[1];
  if (check === undefined || crc32(row) !== Number.parseInt(check, 16)) return null;
  try {
    const record = parseJson(`${row}}`) as MetricsRecord;
    return Number.isSafeInteger(record.row) ? (record as MetricsRecord & { row: number }) : null;
  } catch {
    return null;
  }
}

/**
 * All records of a metrics file, and what is wrong with it. An unfinished last line is left out: it is being written, or its
 * process was killed.
 *
 * @throws Failure naming the file if it is missing or cannot be read
 */
export function readMetrics(path: string): {
  readonly records: MetricsRecord[];
  readonly problem: string | null;
} {
  requireSize(path, MOST_LOG);
  const records: MetricsRecord[] = [];
  const [lines, reader] = [new LineSplitter(), new MetricsReader()];
  readPieces(path, 0, MOST_LOG, (piece) => {
    for (const line of lines.split(piece)) {
      const record = reader.read(line);
      if (record) records.push(record);
    }
  });
  return { records, problem: reader.problem };
}

/** Of the end of a metrics file: room for a few rows of the largest agents. */
const TAIL = 2 ** 18;

/** The newest record of a metrics file, read from its end; undefined where there is none. The file may be growing. */
export function newestMetrics(path: string): MetricsRecord | undefined {
  const size = fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let newest: MetricsRecord | undefined;
  if (size === 0) return newest;
  const lines = new LineSplitter();
  readPieces(path, Math.max(0, size - TAIL), size, (piece) => {
    for (const line of lines.split(piece)) newest = (line && wholeRow(line)) ?? newest;
  });
  return newest;
}
