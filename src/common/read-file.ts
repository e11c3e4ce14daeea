import fs from 'node:fs';
import { Failure, reportingSystemErrors } from './errors.ts';

/** Files that are read as a whole are smaller than this: the largest are the tensors of a checkpoint. */
export const MOST_BYTES = 2 ** 30;
/** Descriptions, settings, a person's own code: text that is read as a whole. */
export const MOST_TEXT = 64 * 2 ** 20;
/** Logs that are read as a whole. */
export const MOST_LOG = 256 * 2 ** 20;
const CHUNK = 2 ** 20;
/** Bytes of a log's line. */
const MOST_LINE = 2 ** 20;

/**
 * Opens a regular file for reading. What could keep its reader waiting, or never end, is refused: a pipe, a device, a socket.
 * @throws errors of `node:fs`; Failure for what is no regular file
 */
function openRegular(path: string): number {
  // Opening a device may already have an effect, and opening a pipe, even without waiting, tells its writer that somebody reads.
  requireRegular(path, fs.statSync(path));
  const descriptor = fs.openSync(path, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  try {
    requireRegular(path, fs.fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    fs.closeSync(descriptor);
    throw error;
  }
}

/** @throws Failure naming what is there instead of a file */
export function requireRegular(path: string, stats: fs.Stats): void {
  if (stats.isFile()) return;
  const kind = stats.isDirectory()
    ? 'a folder'
    : stats.isFIFO()
      ? 'a pipe'
      : stats.isSocket()
        ? 'a socket'
        : stats.isSymbolicLink()
          ? 'a symbolic link'
          : 'a device';
  throw new Failure(
    `cannot read ${path}: it is ${kind} where a file is needed; choose another path`,
  );
}

/**
 * The bytes of a file.
 * @param most a larger file is refused before its bytes are read
 * @throws Failure in one sentence for a file that is missing, too large or not a regular file, or that the system refuses to read;
 *   its cause is the system's error
 */
export function readBytes(path: string, most: number = MOST_BYTES): Buffer {
  return reportingSystemErrors('read', path, () => {
    const descriptor = openRegular(path);
    try {
      const { size } = fs.fstatSync(descriptor);
      const parts: Buffer[] = [];
      for (let length = 0; ; ) {
        if (Math.max(size, length) > most) throw new Failure(tooLarge(path, most));
        // Some files of the system claim to be empty, and a file may grow while it is read.
        const part = Buffer.allocUnsafe(Math.max(size - length, 0) + 4096);
        const read = fs.readSync(descriptor, part, 0, part.length, null);
        if (read === 0) return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
        parts.push(part.subarray(0, read));
        length += read;
      }
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

/** As {@link readBytes}, for text in UTF-8. */
export function readText(path: string, most: number = MOST_TEXT): string {
  return readBytes(path, most).toString('utf8');
}

/** @throws Failure for a file that is missing, or larger than `most` bytes */
export function requireSize(path: string, most: number): void {
  const { size } = reportingSystemErrors('read', path, () => fs.statSync(path));
  if (size > most) throw new Failure(tooLarge(path, most));
}

const tooLarge = (path: string, most: number): string =>
  `${path} is larger than ${formatBytes(most)}, the most that is read of such a file; check that it is the right one`;

const formatBytes = (bytes: number): string =>
  bytes >= 2 ** 20 ? `${bytes / 2 ** 20} MiB` : `${bytes / 2 ** 10} KiB`;

/**
 * Reads a part of a file in small pieces.
 * @param from the first byte
 * @param to the byte after the last; the file may end before it
 * @param take is given each piece; the memory is used again for the next
 * @throws Failure as {@link readBytes} does, except that no file is too large
 */
export function readPieces(
  path: string,
  from: number,
  to: number,
  take: (piece: Buffer) => void,
): void {
  reportingSystemErrors('read', path, () => {
    const descriptor = openRegular(path);
    try {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(to - from, 1)));
      for (let at = from; at < to; ) {
        const read = fs.readSync(descriptor, buffer, 0, Math.min(buffer.length, to - at), at);
        if (read === 0) return;
        at += read;
        take(buffer.subarray(0, read));
      }
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

/** Splits a file that is read in pieces into its lines. */
export class LineSplitter {
  #rest = Buffer.alloc(0);
  #isTooLong = false;

  /**
   * @returns the lines that end in this piece, without their newline; null for one too long to keep. They are valid until the
   *   next piece is read
   */
  *split(piece: Buffer): Generator<Buffer | null> {
    let start = 0;
    for (;;) {
      const end = piece.indexOf(0x0a, start);
      this.#add(piece.subarray(start, end < 0 ? undefined : end));
      if (end < 0) return;
      yield this.#isTooLong ? null : this.#rest;
      this.#rest = Buffer.alloc(0);
      this.#isTooLong = false;
      start = end + 1;
    }
  }

  #add(bytes: Buffer): void {
    this.#isTooLong ||= this.#rest.length + bytes.length > MOST_LINE;
    this.#rest = this.#isTooLong ? Buffer.alloc(0) : Buffer.concat([this.#rest, bytes]);
  }
}
