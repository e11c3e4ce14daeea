import { crc32 } from './crc32.ts';

/** How far a log has come. */
export interface LogPosition {
  readonly bytes: number;
  /** Rows or records. */
  readonly entries: number;
  /** CRC-32 of all of these bytes. */
  readonly crc32: number;
}

export const LOG_START: LogPosition = { bytes: 0, entries: 0, crc32: 0 };

/** Where a log ends that another entry was added to. */
export const after = (
  { bytes, entries, crc32: before }: LogPosition,
  entry: Uint8Array,
): LogPosition => ({
  bytes: bytes + entry.length,
  entries: entries + 1,
  crc32: crc32(entry, before),
});
