import { areEqual } from '#platform';
import type { LearningEncoder } from './encoder.ts';
import type { EncoderShapes } from './shapes.ts';
import { SquareReader, tiles } from './squares.ts';
import { TupleTable } from './tuple-table.ts';

/** Different frames from which it is judged whether pictures repeat. */
const FRAMES = 16;
/**
 * The share of tiles that are like none in earlier frames, above which sharing costs more than it saves; with few frames, more is new to
 * begin with. In the worlds of this package it is at most 2.1 % of 16 frames; with one byte in 1,000 of noise, 4 % at the least.
 */
const mostNew = (frames: number): number => 0.02 + 0.25 / frames;

/**
 * Shares what frames have in common, or encodes each whole where they have little. It decides at the first call after `forget`, from
 * the frames of that call alone, so that a training continued from a checkpoint decides alike.
 */
export class AdaptiveEncoder implements LearningEncoder {
  readonly #frameSize: number;
  readonly #reader: SquareReader;
  readonly #tiles: TupleTable;
  readonly #shared: LearningEncoder;
  readonly #loadPlain: () => Promise<LearningEncoder>;
  #plain: LearningEncoder | undefined;
  #chosen: LearningEncoder | undefined;

  /** @param loadPlain is called once, when first needed */
  constructor(
    { convolutions, frame }: EncoderShapes,
    shared: LearningEncoder,
    loadPlain: () => Promise<LearningEncoder>,
  ) {
    this.#frameSize = frame[0] * frame[1] * frame[2];
    this.#reader = new SquareReader(tiles(convolutions[0]!), frame);
    this.#tiles = new TupleTable(this.#reader.words);
    this.#shared = shared;
    this.#loadPlain = loadPlain;
  }

  get count(): number {
    return this.#current.count;
  }

  get drives(): Float32Array {
    return this.#current.drives;
  }

  forget(): void {
    this.#chosen?.forget();
    this.#chosen = undefined;
  }

  async encode(pixels: Uint8Array, index: Int32Array): Promise<void> {
    this.#chosen ??= await this.#choose(pixels);
    await this.#chosen.encode(pixels, index);
  }

  async backward(driveGradient: Float32Array): Promise<void> {
    await this.#current.backward(driveGradient);
  }

  get #current(): LearningEncoder {
    return this.#chosen ?? this.#shared;
  }

  async #choose(pixels: Uint8Array): Promise<LearningEncoder> {
    if (this.#repeats(pixels)) return this.#shared;
    this.#plain ??= await this.#loadPlain();
    return this.#plain;
  }

  /** Whether most of what later frames show was shown by earlier ones, or in other places. */
  #repeats(pixels: Uint8Array): boolean {
    const frames: Uint8Array[] = [];
    for (let at = 0; at < pixels.length && frames.length < FRAMES; at += this.#frameSize) {
      const frame = pixels.subarray(at, at + this.#frameSize);
      if (frames.every((other) => !areEqual(frame, other))) frames.push(frame);
    }
    const earlier = Math.floor(frames.length / 2);
    this.#tiles.clear();
    let known = 0;
    for (const [i, frame] of frames.entries()) {
      if (i === earlier) known = this.#tiles.count;
      this.#reader.read(frame, this.#tiles);
    }
    const looked = (frames.length - earlier) * this.#reader.numbers.length;
    return this.#tiles.count - known <= mostNew(frames.length) * looked;
  }
}
