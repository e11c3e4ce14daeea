import type { LearningEncoder } from './encoder.ts';
import type { EncoderShapes } from './shapes.ts';
import { TileReader } from './tiles.ts';
import { TupleTable } from './tuple-table.ts';

/** Different frames, and tiles of each, from which it is judged whether pictures repeat. */
const FRAMES = 8;
const TILES = 64;
/** The share of tiles that are unlike all others, above which sharing costs more than it saves. */
const MOST_DISTINCT = 0.5;

/**
 * Shares what frames have in common, or encodes each whole where they have little. It decides at the first call after `forget`, from
 * the frames of that call alone, so that a training continued from a checkpoint decides alike.
 */
export class AdaptiveEncoder implements LearningEncoder {
  readonly #frameSize: number;
  readonly #reader: TileReader;
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
    this.#reader = new TileReader(convolutions[0]!, frame);
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

  /** Whether equal tiles are found in different frames, or in different places of one. */
  #repeats(pixels: Uint8Array): boolean {
    const frames: Uint8Array[] = [];
    for (let at = 0; at < pixels.length && frames.length < FRAMES; at += this.#frameSize) {
      const frame = pixels.subarray(at, at + this.#frameSize);
      if (frames.every((other) => Buffer.compare(frame, other) !== 0)) frames.push(frame);
    }
    const count = this.#reader.numbers.length;
    // Odd, so that it does not look at the same columns of every row.
    const every = Math.floor(count / TILES) | 1;
    this.#tiles.clear();
    for (const frame of frames) this.#reader.read(frame, this.#tiles, every);
    return this.#tiles.count <= MOST_DISTINCT * frames.length * Math.ceil(count / every);
  }
}
