import fs from 'node:fs';
import { join } from 'node:path';
import { LineSplitter, readPieces } from '../common/read-file.ts';
import { MetricsReader } from '../run/metrics.ts';
import type { MetricsRecord } from '../run/metrics-row.ts';
import type { TrainingCurve } from '../watch/episode-source.ts';

/** The most points that are kept: of a longer curve, every second, fourth, … */
const MOST_POINTS = 2_000;
/** Bytes that are read in one look, so that a long log does not keep others waiting. */
const MOST_AT_ONCE = 8 * 2 ** 20;

/** A learning curve that grows with the `metrics.jsonl` of a run in training. */
export class FollowedCurve implements TrainingCurve {
  readonly frames: number[] = [];
  readonly reward: (number | null)[] = [];
  readonly exact: (number | null)[] = [];
  /** Changes whenever earlier points have changed. */
  edition = 0;
  readonly #columns: readonly (number | null)[][] = [this.frames, this.reward, this.exact];
  readonly #path: string;
  #offset = 0;
  #lines = new LineSplitter();
  #reader = new MetricsReader();
  /** What was wrong when the file was last read from its start. */
  #problem: string | null = null;
  #records = 0;
  #stride = 1;

  /** @param run the run's folder */
  constructor(run: string) {
    this.#path = join(run, 'metrics.jsonl');
  }

  /** Reads what the file has more than before, of a long one a part at each look. @returns whether there is anything new */
  follow(): boolean {
    const size = fs.statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
    // A training that was reset to its checkpoint, or restarted, has overwritten what was read.
    if (size < this.#offset) this.#clear();
    if (size === this.#offset) return false;
    readPieces(this.#path, this.#offset, Math.min(size, this.#offset + MOST_AT_ONCE), (piece) => {
      this.#offset += piece.length;
      for (const line of this.#lines.split(piece)) this.#add(this.#reader.read(line));
    });
    const { problem } = this.#reader;
    if (problem !== null && problem !== this.#problem) {
      // It may have been overwritten and have grown beyond what was read: then it is whole when it is read again.
      this.#problem = problem;
      this.#clear();
      return this.follow();
    }
    if (this.#offset >= size) this.#problem = problem;
    return true;
  }

  /** What is wrong with the file, as the predicate of a sentence; null where nothing is, or it is not read to its end. */
  get problem(): string | null {
    return this.#reader.problem === this.#problem ? this.#problem : null;
  }

  #clear(): void {
    for (const values of this.#columns) values.length = 0;
    this.edition += 1;
    this.#offset = 0;
    this.#lines = new LineSplitter();
    this.#reader = new MetricsReader();
    this.#records = 0;
    this.#stride = 1;
  }

  #add(record: MetricsRecord | null): void {
    const frames = finite(record?.frames);
    if (frames === null) return;
    if (this.#records++ % this.#stride !== 0) return;
    this.frames.push(frames);
    this.reward.push(finite(record?.reward));
    this.exact.push(finite(record?.exact));
    if (this.frames.length > MOST_POINTS) this.#thin();
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
