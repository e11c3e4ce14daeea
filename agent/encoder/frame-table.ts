import { areEqualParts } from '#platform';
import { grown } from './grow.ts';
import { wordsOf } from './looks.ts';

/** Words of a frame that its hash looks at, about, for as long as that tells frames apart. */
const SAMPLES = 512;
/** Different frames of one hash, beyond a share of all, after which hashes look at every word. */
const FEW_COLLISIONS = 8;

/**
 * The distinct frames among those shown to it, in order of first sight. In a small world most frames
 * of a batch are the same picture, and each needs to be encoded only once.
 */
export class FrameTable {
  readonly capacity: number;
  readonly frameSize: number;
  #pixels = new Uint8Array(0);
  #hashes = new Int32Array(0);
  /** Open addressing: one more than a frame's index, zero where free. */
  #buckets = new Int32Array(64);
  readonly #scratch: Int32Array;
  /** The latest batch that was hashed, and its words: the next call mostly shows the same one. */
  #batch: Uint8Array = this.#pixels;
  #words: Int32Array = new Int32Array(0);
  /** A hash looks at one of so many words. */
  #every: number;
  #collisions = 0;
  #count = 0;

  /** @param frameSize bytes of a frame @param capacity most distinct frames at a time */
  constructor(frameSize: number, capacity = Number.POSITIVE_INFINITY) {
    this.frameSize = frameSize;
    this.capacity = capacity;
    this.#scratch = new Int32Array(Math.ceil(frameSize / 4));
    // Odd, so that it does not look at the same columns of every row.
    this.#every = Math.floor(this.#scratch.length / SAMPLES) | 1;
  }

  get count(): number {
    return this.#count;
  }

  /** Memory for the frames that it has room for, in bytes. */
  get bytes(): number {
    return this.#pixels.length;
  }

  /** The frames from `from` up to `to` as one batch: uint8 [to − from, frameSize]. A view, valid until a frame is added. */
  pixels(from = 0, to = this.#count): Uint8Array {
    return this.#pixels.subarray(from * this.frameSize, to * this.frameSize);
  }

  clear(): void {
    this.#count = 0;
    this.#buckets.fill(0);
  }

  /**
   * The index of a frame equal to this one, byte for byte; added if there is none.
   * @throws RangeError where the table is full, or the frame is of another size
   */
  indexOf(frame: Uint8Array): number {
    if (frame.length !== this.frameSize) {
      throw new RangeError(
        `A frame of ${frame.length} bytes in a table of frames of ${this.frameSize}.`,
      );
    }
    return this.indexOfRow(frame, 0);
  }

  /**
   * The same for a frame of a batch, without a view of it: views are garbage.
   * @param batch uint8 [> row, frameSize]
   * @throws RangeError where the table is full
   */
  indexOfRow(batch: Uint8Array, row: number): number {
    const start = row * this.frameSize;
    const hash = this.#hash(batch, start);
    const mask = this.#buckets.length - 1;
    for (let bucket = hash & mask; ; bucket = (bucket + 1) & mask) {
      const index = this.#buckets[bucket]! - 1;
      if (index < 0) return this.#add(batch, start, hash, bucket);
      if (this.#hashes[index] !== hash) continue;
      const { frameSize } = this;
      if (areEqualParts(this.#pixels, index * frameSize, batch, start, frameSize)) return index;
      this.#collisions += 1;
      if (this.#every > 1 && this.#collisions > FEW_COLLISIONS + this.#count / 8) {
        this.#lookCloser();
        return this.indexOfRow(batch, row);
      }
    }
  }

  #add(batch: Uint8Array, start: number, hash: number, bucket: number): number {
    const index = this.#count;
    if (index === this.capacity) throw new RangeError(`More than ${index} distinct frames.`);
    this.#count += 1;
    this.#pixels = grown(this.#pixels, this.#count * this.frameSize);
    this.#hashes = grown(this.#hashes, this.#count);
    this.#pixels.set(batch.subarray(start, start + this.frameSize), index * this.frameSize);
    this.#hashes[index] = hash;
    this.#buckets[bucket] = this.#count;
    if (2 * this.#count > this.#buckets.length) this.#spread(2 * this.#buckets.length);
    return index;
  }

  #spread(size: number): void {
    this.#buckets = new Int32Array(size);
    for (let index = 0; index < this.#count; index++) {
      let bucket = this.#hashes[index]! & (size - 1);
      while (this.#buckets[bucket] !== 0) bucket = (bucket + 1) & (size - 1);
      this.#buckets[bucket] = index + 1;
    }
  }

  /** Frames differ where their hashes do not look: makes these look at every word. */
  #lookCloser(): void {
    this.#every = 1;
    for (let index = 0; index < this.#count; index++) {
      this.#hashes[index] = this.#hash(this.#pixels, index * this.frameSize);
    }
    this.#spread(this.#buckets.length);
  }

  /** Murmur-like mixing of four bytes at a time, in two independent chains. */
  #hash(batch: Uint8Array, start: number): number {
    const size = this.#scratch.length;
    let words = this.#scratch;
    let first = 0;
    if ((batch.byteOffset + start) % 4 === 0 && this.frameSize % 4 === 0) {
      if (batch !== this.#batch) {
        this.#batch = batch;
        this.#words = wordsOf(batch);
      }
      words = this.#words;
      first = start / 4;
    } else {
      new Uint8Array(words.buffer).set(batch.subarray(start, start + this.frameSize));
    }
    const every = this.#every;
    const end = first + size;
    const last = end - every;
    let [a, b, i] = [0x9e3779b9 | 0, 0x85ebca6b | 0, first];
    for (; i < last; i += 2 * every) {
      a = Math.imul(a ^ words[i]!, 0xcc9e2d51) ^ (a >>> 15);
      b = Math.imul(b ^ words[i + every]!, 0x1b873593) ^ (b >>> 13);
    }
    if (i < end) a = Math.imul(a ^ words[i]!, 0xcc9e2d51) ^ (a >>> 15);
    const mixed = Math.imul(a ^ (b >>> 16) ^ (b << 16), 0x85ebca6b);
    return mixed ^ (mixed >>> 13);
  }
}
