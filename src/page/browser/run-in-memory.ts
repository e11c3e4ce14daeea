import * as z from 'zod';
import { Failure } from '../../common/errors.ts';
import { parseWhole, stringifyChecked } from '../../run/checked-json.ts';
import {
  type CheckpointRecord,
  checkpointFiles,
  checkpointOf,
  stateFile,
  tensorsFile,
} from '../../run/checkpoint.ts';
import {
  checkpointsFolder,
  folderName,
  type NamedCheckpoints,
  namesFile,
  namesSchema,
  noCheckpoint,
} from '../../run/checkpoint-names.ts';
import { type RunDescription, readDescription } from '../../run/description.ts';
import { firstRecord, scalarsRecord } from '../../run/event-record.ts';
import { descriptionFile, eventsFile, FORMAT, metricsFile, textOf } from '../../run/layout.ts';
import { after, LOG_START, type LogPosition } from '../../run/log-position.ts';
import { type MetricsRecord, rowOf } from '../../run/metrics-row.ts';
import type { TrainingRecord } from '../../train/logbook.ts';
import type { ChangedFiles, HeldFiles } from './posted.ts';

/** Is given what has changed of a run's files, and the frames of its last checkpoint. */
export type OnSave = (changed: ChangedFiles, frames: number) => void;

const utf8 = new TextEncoder();
const textIn = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A log that only grows, in pieces. */
class HeldLog {
  readonly #pieces: Uint8Array[] = [];
  position: LogPosition = LOG_START;

  constructor(before?: { readonly bytes: Uint8Array; readonly position: LogPosition }) {
    if (!before) return;
    this.#pieces.push(before.bytes.subarray(0, before.position.bytes));
    this.position = before.position;
  }

  append(entry: Uint8Array): void {
    this.#pieces.push(entry);
    this.position = after(this.position, entry);
  }

  get whole(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.position.bytes);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.#pieces.splice(0, this.#pieces.length, whole);
    return whole;
  }
}

/**
 * A run in memory, of the same files as one on the disk. Whenever it is saved, its owner is given what has changed, to keep all of
 * that or nothing.
 */
export class RunInMemory implements TrainingRecord {
  readonly path: string;
  readonly description: RunDescription;
  readonly #onSave: OnSave;
  readonly #metrics: HeldLog;
  readonly #events: HeldLog;
  #names: NamedCheckpoints = noCheckpoint;
  /** Folders of checkpoints that are kept somewhere. */
  readonly #folders = new Set<string>();

  /** @param last where it resumes, with its logs */
  private constructor(
    path: string,
    description: RunDescription,
    onSave: OnSave,
    last?: {
      readonly record: CheckpointRecord;
      readonly names: NamedCheckpoints;
      readonly files: HeldFiles;
    },
  ) {
    this.path = path;
    this.description = description;
    this.#onSave = onSave;
    const logOf = (file: string, position: LogPosition | undefined): HeldLog =>
      new HeldLog(position && { bytes: last!.files[file]!, position });
    this.#metrics = logOf(metricsFile, last?.record.logs.metrics);
    this.#events = logOf(eventsFile, last?.record.logs.events);
    if (last) {
      this.#names = last.names;
      for (const named of Object.values(last.names)) if (named) this.#folders.add(named.folder);
    } else {
      this.#events.append(firstRecord(Date.now() / 1000));
    }
  }

  /** A new run. */
  static begin(path: string, description: RunDescription, onSave: OnSave): RunInMemory {
    return new RunInMemory(path, description, onSave);
  }

  /**
   * A run of its files, and its last checkpoint.
   * @throws Failure naming the file that is missing or damaged
   */
  static open(
    path: string,
    files: HeldFiles,
    onSave: OnSave,
  ): { readonly run: RunInMemory; readonly last: CheckpointRecord } {
    const bytesOf = (file: string): Uint8Array => {
      const bytes = files[file];
      if (!bytes) throw new Failure(`${path} has lost its ${file}`);
      return bytes;
    };
    const text = textIn(bytesOf(descriptionFile));
    const { content } = parseWhole(text, `${path}/${descriptionFile}`, z.looseObject({}));
    if (content.format !== FORMAT) {
      throw new Failure(
        `${path} was saved by another version of timegrid, which is needed to read it`,
      );
    }
    const description = readDescription(content, path);
    const names = parseWhole(textIn(bytesOf(namesFile)), `${path}/${namesFile}`, namesSchema);
    const folder = `${checkpointsFolder}/${names.content.last?.folder}`;
    const [state, tensors] = [`${folder}/${stateFile}`, `${folder}/${tensorsFile}`];
    const record = checkpointOf(textIn(bytesOf(state)), bytesOf(tensors), { state, tensors });
    bytesOf(metricsFile);
    bytesOf(eventsFile);
    const last = { record, names: names.content, files };
    return { run: new RunInMemory(path, description, onSave, last), last: record };
  }

  addMetrics(record: MetricsRecord): void {
    this.#metrics.append(rowOf(record, this.#metrics.position.entries + 1));
  }

  addScalars(...[frames, scalars, wallTime]: Parameters<TrainingRecord['addScalars']>): void {
    this.#events.append(scalarsRecord(frames, scalars, wallTime));
  }

  save(checkpoint: Parameters<TrainingRecord['save']>[0]): void {
    const logs = { metrics: this.#metrics.position, events: this.#events.position };
    const description = { ...this.description };
    const { files, sha256 } = checkpointFiles({ ...checkpoint, logs, description });
    const { frames, isBest } = checkpoint;
    let copy = 1;
    while (this.#folders.has(folderName(frames, copy))) copy += 1;
    const last = { folder: folderName(frames, copy), sha256 };
    this.#names = { last, best: isBest ? last : this.#names.best, previous: this.#names.last };
    this.#folders.add(last.folder);
    const folder = `${checkpointsFolder}/${last.folder}`;
    const changed: Record<string, Uint8Array<ArrayBuffer> | null> = {
      ...this.#dropUnnamed(),
      [descriptionFile]: utf8.encode(textOf(this.description)),
      [metricsFile]: this.#metrics.whole,
      [eventsFile]: this.#events.whole,
      [`${folder}/${tensorsFile}`]: files[tensorsFile],
      [`${folder}/${stateFile}`]: utf8.encode(files[stateFile]),
      [namesFile]: utf8.encode(stringifyChecked(this.#names, namesFile, 2).text),
    };
    this.#onSave(changed, frames);
  }

  /** Only whole checkpoints are kept here. */
  listKept = (): [] => [];
  dropKept(): void {}
  keep(): void {}

  #dropUnnamed(): ChangedFiles {
    const named = new Set(Object.values(this.#names).map((one) => one?.folder));
    const dropped = [...this.#folders].filter((folder) => !named.has(folder));
    for (const folder of dropped) this.#folders.delete(folder);
    return Object.fromEntries(
      dropped.flatMap((folder) =>
        [stateFile, tensorsFile].map((file) => [`${checkpointsFolder}/${folder}/${file}`, null]),
      ),
    );
  }
}
