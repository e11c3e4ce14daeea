import fs from 'node:fs';
import type { Json } from '../../env/contract.ts';
import { Failure, reportingSystemErrors } from '../common/errors.ts';
import { AppendedFile } from './appended-file.ts';

/** One line of `metrics.jsonl`. A number that is not finite is written as `null`. */
export type MetricsRecord = Record<string, Json>;

/** Appends records to a JSON Lines file. */
export class MetricsWriter {
  readonly file: AppendedFile;

  /** @param length bytes of the file to keep: what it held at the checkpoint that is resumed, or 0 */
  constructor(path: string, length: number) {
    this.file = new AppendedFile(path, length);
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
  const text = reportingSystemErrors('read', path, () => fs.readFileSync(path, 'utf8'));
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, index) => {
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch {}
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      throw new Failure(`${path} is damaged: line ${index + 1} is not a JSON object`);
    }
    return record as MetricsRecord;
  });
}
