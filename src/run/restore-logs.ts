import fs from 'node:fs';
import { crc32 } from 'node:zlib';
import { writeWithin } from '../common/output.ts';
import { beginsAsBefore, type LogHooks } from './appended-file.ts';
import { firstRecord } from './event-record.ts';
import { EventWriter, readEvents } from './events.ts';
import type { LogPosition } from './log-position.ts';
import { MetricsWriter, readMetrics } from './metrics.ts';
import { rowOf } from './metrics-row.ts';

/** The moment to which a log is taken back. */
export interface LogMoment {
  readonly frames: number;
  readonly position: LogPosition;
}

/** Opens the metrics of a run as they were at a checkpoint. Of a file that has been damaged since, the whole rows are kept. */
export function restoreMetrics(
  path: string,
  { frames, position }: LogMoment,
  hooks: LogHooks,
): MetricsWriter {
  if (beginsAsBefore(path, position)) return new MetricsWriter(path, position, hooks);
  const { records } = fs.existsSync(path) ? readMetrics(path) : { records: [] };
  const kept = records.filter((record) => (record.frames as number) <= frames);
  const rows = kept.map((record, i) => rowOf(record, i + 1));
  hooks.note(loss(path, 'rows', rows.length, position.entries));
  return new MetricsWriter(path, rewrite(path, rows), hooks);
}

/** The same for TensorBoard's log. */
export function restoreEvents(
  path: string,
  { frames, position }: LogMoment,
  hooks: LogHooks,
): EventWriter {
  const wallTime = Date.now() / 1000;
  if (beginsAsBefore(path, position)) return new EventWriter(path, wallTime, position, hooks);
  const { records } = fs.existsSync(path) ? readEvents(path) : { records: [] };
  const kept = records.filter(({ step }) => step > 0 && step <= frames).map(({ bytes }) => bytes);
  hooks.note(loss(path, 'records', kept.length, position.entries - 1));
  return new EventWriter(path, wallTime, rewrite(path, [firstRecord(wallTime), ...kept]), hooks);
}

function rewrite(path: string, entries: readonly Uint8Array[]): LogPosition {
  const content = Buffer.concat(entries);
  writeWithin(path, content);
  return { bytes: content.length, entries: entries.length, crc32: crc32(content) };
}

const loss = (path: string, entries: string, kept: number, before: number): string =>
  `${path} was missing or damaged: ${kept} of its ${before} ${entries} are kept`;
