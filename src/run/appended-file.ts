import fs from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { Failure, reportingSystemErrors } from '../common/errors.ts';
import { readPieces, requireRegular } from '../common/read-file.ts';
import { replaceFile } from '../common/replace-file.ts';
import { after, type LogPosition } from './log-position.ts';

/** Who is told and asked while a log is written. */
export interface LogHooks {
  /** Is given a sentence where the file was deleted under its writer, and is restored. */
  note(sentence: string): void;
  /** Called before each write; what it throws prevents it. */
  beforeWrite(): void;
}

/** A file that only grows at its end. Where it stands is known, so that it can be cut back to an earlier moment. */
export class AppendedFile {
  readonly path: string;
  readonly #hooks: Partial<LogHooks>;
  #descriptor: number;
  #position: LogPosition;

  /**
   * Opens or creates a file and cuts it to a position that it has had.
   *
   * @throws Failure if the file is shorter than that, or the system refuses
   */
  constructor(path: string, position: LogPosition, hooks: Partial<LogHooks> = {}) {
    this.path = path;
    this.#hooks = hooks;
    this.#position = position;
    this.#descriptor = reportingSystemErrors('open', path, () => open(path));
    try {
      this.#cut();
    } catch (error) {
      fs.closeSync(this.#descriptor);
      throw error;
    }
  }

  /** Where the file ends. */
  get position(): LogPosition {
    return this.#position;
  }

  /** Adds one entry. @throws Failure if the system refuses; the file is then as before, if the system allows */
  append(entry: Uint8Array): void {
    this.#hooks.beforeWrite?.();
    reportingSystemErrors('write to', this.path, () => {
      this.#restore();
      try {
        fs.writeFileSync(this.#descriptor, entry);
      } catch (error) {
        // A full disk may have taken a part of the record.
        try {
          fs.ftruncateSync(this.#descriptor, this.#position.bytes);
        } catch {}
        throw error;
      }
    });
    this.#position = after(this.#position, entry);
  }

  /** Waits until the disk has everything. */
  sync(): void {
    reportingSystemErrors('write to', this.path, () => {
      this.#restore();
      fs.fsyncSync(this.#descriptor);
    });
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }

  /** Puts the file back where somebody has deleted it. Its folder may be gone, too: saving reports that. */
  #restore(): void {
    const mine = fs.fstatSync(this.#descriptor);
    const there = fs.statSync(this.path, { throwIfNoEntry: false });
    if (there?.ino === mine.ino && there.dev === mine.dev) return;
    if (there) {
      throw new Failure(
        `${this.path} was replaced by another file during the training; resume the run to check what it holds and continue`,
      );
    }
    if (!fs.existsSync(dirname(this.path))) return;
    const content = Buffer.alloc(this.#position.bytes);
    for (let at = 0; at < content.length; ) {
      const read = fs.readSync(this.#descriptor, content, at, content.length - at, at);
      if (read === 0) throw new Failure(`${this.path} was cut short while it was being written`);
      at += read;
    }
    replaceFile(this.path, content);
    fs.closeSync(this.#descriptor);
    this.#descriptor = open(this.path);
    this.#hooks.note?.(`${this.path} was deleted during the training; it has been restored`);
  }

  #cut(): void {
    const { size } = fs.fstatSync(this.#descriptor);
    const { bytes } = this.#position;
    if (size < bytes) {
      throw new Failure(`${this.path} holds ${size} bytes, but held ${bytes} before`);
    }
    if (size > bytes) {
      reportingSystemErrors('shorten', this.path, () => fs.ftruncateSync(this.#descriptor, bytes));
    }
  }
}

/** For appending and reading. */
function open(path: string): number {
  // A link in somebody else's run could lead to any file of this user.
  const stats = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stats) requireRegular(path, stats);
  return fs.openSync(path, 'a+');
}

/**
 * Whether a log begins with the bytes that it held at an earlier moment.
 * @throws Failure if the file is there but cannot be read
 */
export function beginsAsBefore(path: string, { bytes, crc32: expected }: LogPosition): boolean {
  if (bytes === 0) return true;
  if (!fs.existsSync(path)) return false;
  let [read, found] = [0, 0];
  readPieces(path, 0, bytes, (piece) => {
    read += piece.length;
    found = crc32(piece, found);
  });
  return read === bytes && found === expected;
}

/** Says so where a log does not begin as it did at the last checkpoint, as the predicate of a sentence. @throws as `beginsAsBefore` */
export const changeOf = (path: string, position: LogPosition): string | null =>
  beginsAsBefore(path, position) ? null : 'is not what it was at the last checkpoint';
