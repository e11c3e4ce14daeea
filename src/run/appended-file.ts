import fs from 'node:fs';
import { Failure, reportingSystemErrors } from '../common/errors.ts';

/** A file that only grows at its end. Its length is known, so that it can be cut back to an earlier moment. */
export class AppendedFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #beforeWrite: () => void;
  #length: number;

  /**
   * Opens or creates a file and cuts it to `length` bytes.
   * @param beforeWrite called before each append; what it throws prevents it
   * @throws Failure if the file is shorter than that, or the system refuses
   */
  constructor(path: string, length: number, beforeWrite: () => void = () => {}) {
    this.path = path;
    this.#beforeWrite = beforeWrite;
    this.#length = length;
    this.#descriptor = reportingSystemErrors('open', path, () => fs.openSync(path, 'a'));
    try {
      this.#cut();
    } catch (error) {
      fs.closeSync(this.#descriptor);
      throw error;
    }
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** @throws Failure if the system refuses; the file is then as before, if the system allows */
  append(bytes: Uint8Array): void {
    this.#beforeWrite();
    reportingSystemErrors('write to', this.path, () => {
      try {
        fs.writeFileSync(this.#descriptor, bytes);
      } catch (error) {
        // A full disk may have taken a part of the record.
        try {
          fs.ftruncateSync(this.#descriptor, this.#length);
        } catch {}
        throw error;
      }
    });
    this.#length += bytes.length;
  }

  /** Waits until the disk has everything. */
  sync(): void {
    reportingSystemErrors('write to', this.path, () => fs.fsyncSync(this.#descriptor));
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }

  #cut(): void {
    const { size } = fs.fstatSync(this.#descriptor);
    if (size < this.#length) {
      throw new Failure(
        `${this.path} holds ${size} bytes but held ${this.#length} when the checkpoint was saved; ` +
          'restore the whole file, or start again with --overwrite',
      );
    }
    if (size > this.#length) {
      reportingSystemErrors('shorten', this.path, () =>
        fs.ftruncateSync(this.#descriptor, this.#length),
      );
    }
  }
}
