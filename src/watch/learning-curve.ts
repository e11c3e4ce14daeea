import fs from 'node:fs';
import { join } from 'node:path';

/** Points of a learning curve that are kept; of longer ones, every second, fourth, … */
const MOST_POINTS = 2_000;
const CHUNK = 2 ** 20;

/** A learning curve that grows with the `metrics.jsonl` of a run in training. */
export class FollowedCurve {
  readonly frames: number[] = [];
  readonly reward: (number | null)[] = [];
  readonly exact: (number | null)[] = [];
  /** Another one whenever earlier points have changed. */
  edition = 0;
  readonly #columns: readonly (number | null)[][] = [this.frames, this.reward, this.exact];
  readonly #path: string;
  #offset = 0;
  #rest = '';
  #records = 0;
  #stride = 1;

  /** @param run the run's folder */
  constructor(run: string) {
    this.#path = join(run, 'metrics.jsonl');
  }

  /** Reads what the file has more than before. @returns whether there is anything new */
  follow(): boolean {
    const size = fs.statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    // A training that was reset to its checkpoint, or restarted, has overwritten what was read.
    if (size < this.#offset) this.#clear();
    if (size === this.#offset) return false;
    const descriptor = fs.openSync(this.#path, 'r');
    try {
      const buffer = Buffer.alloc(Math.min(CHUNK, size - this.#offset));
      while (this.#offset < size) {
        const read = fs.readSync(descriptor, buffer, 0, buffer.length, this.#offset);
        if (read === 0) break;
        this.#offset += read;
        this.#take(buffer.toString('latin1', 0, read));
      }
    } finally {
      fs.closeSync(descriptor);
    }
    return true;
  }

  #clear(): void {
    for (const values of this.#columns) values.length = 0;
    this.edition += 1;
    this.#offset = 0;
    this.#rest = '';
    this.#records = 0;
    this.#stride = 1;
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#add(line);
  }

  #add(line: string): void {
    let record: Record<string, unknown> | null = null;
    try {
      record = JSON.parse(line);
    } catch {}
    const frames = finite(record?.frames);
    if (frames === null) return;
    if (this.#records++ % this.#stride !== 0) return;
    // Killed and resumed, a training goes over some frames again.
    if (this.frames.length > 0 && frames <= this.frames.at(-1)!) this.#rewind(frames);
    this.frames.push(frames);
    this.reward.push(finite(record?.reward));
    this.exact.push(finite(record?.exact));
    if (this.frames.length > MOST_POINTS) this.#thin();
  }

  #rewind(frames: number): void {
    const kept = this.frames.findIndex((earlier) => earlier >= frames);
    for (const values of this.#columns) values.length = kept;
    this.edition += 1;
  }

  #thin(): void {
    for (const values of this.#columns) {
      const kept = values.filter((_, i) => i % 2 === 0);
      values.length = 0;
      values.push(...kept);
    }
    this.#stride *= 2;
    this.edition += 1;
  }
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
