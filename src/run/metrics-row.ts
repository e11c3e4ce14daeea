import type { Json } from '../../env/contract.ts';
import { crc32 } from './crc32.ts';

/** One line of `metrics.jsonl`. A number that is not finite is written as `null`. */
export type MetricsRecord = Record<string, Json>;

/** A line of the file. @param number from 1 on */
export function rowOf(record: MetricsRecord, number: number): Uint8Array<ArrayBuffer> {
  const utf8 = new TextEncoder();
  const row = JSON.stringify({ ...record, row: number }).slice(0, -1);
  const check = crc32(utf8.encode(row)).toString(16).padStart(8, '0');
  return utf8.encode(`${row},"crc32":"${check}"}\n`);
}
