import type { Json } from '../../env/contract.ts';
import { Failure } from '../common/errors.ts';
import { LineSplitter, MOST_BYTES, parseJson, readPieces } from '../common/read-file.ts';
import { AppendedFile } from './appended-file.ts';

/** One line of `metrics.jsonl`. A number that is not finite is written as `null`. */
export type MetricsRecord = Record<string, Json>;

/** Appends records to a JSON Lines file. */
export class MetricsWriter {
  readonly file: AppendedFile;

  /**
   * @param length bytes of the file to keep: what it held at the checkpoint that is resumed, or 0
   * @param beforeWrite as `AppendedFile` takes it
   */
  constructor(path: string, length: number, beforeWrite?: () => void) {
    this.file = new AppendedFile(path, length, beforeWrite);
  }

  /** @throws Failure if the disk is full or the system refuses otherwise */
  append(record: MetricsRecord): void {
    this.file.append(Buffer.from(`${JSON.stringify(record)}\n`));
  }
}

/**
 * All records of a metrics file. An unfinished last line is left out: it is being written, or its process was killed.
 *
 * @throws Failure naming the file and the line that holds no JSON object
 */
export function readMetrics(path: string): MetricsRecord[] {
  const records: MetricsRecord[] = [];
  const lines = new LineSplitter();
  readPieces(path, 0, MOST_BYTES, (piece) => {
    for (const line of lines.split(piece)) {
      const record = recordOf(line);
      if (!record) {
        throw new Failure(`${path} is damaged: line ${records.length + 1} is not a JSON object`);
      }
      records.push(record);
    }
  });
  return records;
}

/** The record in a line; null where there is none. */
export function recordOf(line: Buffer | null): MetricsRecord | null {
  try {
    const record = line && parseJson(line.toString());
    return typeof record === 'object' && !Array.isArray(record) ? (record as MetricsRecord) : null;
  } catch {
    return null;
  }
}
