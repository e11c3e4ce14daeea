/**
 * The distinct frames among those shown to it, in order of first sight. In a small world most frames
 * of a batch are the same picture, and each needs to be convolved only once.
 */
export class FrameTable {
  readonly capacity: number;
  readonly frameSize: number;
  readonly #pixels: Uint8Array;
  readonly #hashes: Int32Array;
  /** Open addressing: one more than a frame's index, zero where free. */
  readonly #buckets: Int32Array;
  readonly #scratch: Int32Array;
  #count = 0;

  /** @param frameSize bytes of a frame @param capacity most distinct frames at a time */
  constructor(frameSize: number, capacity: number) {
    this.frameSize = frameSize;
    this.capacity = capacity;
    this.#pixels = new Uint8Array(frameSize * capacity);
    this.#hashes = new Int32Array(capacity);
    this.#buckets = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity)));
    this.#scratch = new Int32Array(Math.ceil(frameSize / 4));
  }

  get count(): number {
    return this.#count;
  }

  /** The frames from `from` up to `to` as one batch: uint8 [to − from, frameSize]. A view, valid until `clear`. */
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
    const hash = this.#hash(frame);
    const mask = this.#buckets.length - 1;
    for (let bucket = hash & mask; ; bucket = (bucket + 1) & mask) {
      const index = this.#buckets[bucket]! - 1;
      if (index < 0) return this.#add(frame, hash, bucket);
      if (this.#hashes[index] === hash && this.#equals(index, frame)) return index;
    }
  }

  #add(frame: Uint8Array, hash: number, bucket: number): number {
    const index = this.#count;
    if (index === this.capacity) throw new RangeError(`More than ${index} distinct frames.`);
    this.#pixels.set(frame, index * this.frameSize);
    this.#hashes[index] = hash;
    this.#buckets[bucket] = index + 1;
    this.#count += 1;
    return index;
  }

  #equals(index: number, frame: Uint8Array): boolean {
    const from = index * this.frameSize;
    return Buffer.compare(this.#pixels.subarray(from, from + this.frameSize), frame) === 0;
  }

  /** Murmur-like mixing of four bytes at a time, in two independent chains. */
  #hash(frame: Uint8Array): number {
    let words = this.#scratch;
    if (frame.byteOffset % 4 === 0 && frame.length % 4 === 0) {
      words = new Int32Array(frame.buffer, frame.byteOffset, frame.length / 4);
    } else {
      new Uint8Array(words.buffer).set(frame);
    }
    let [a, b] = [0x9e3779b9 | 0, 0x85ebca6b | 0];
    const even = words.length & ~1;
    for (let i = 0; i < even; i += 2) {
      a = Math.imul(a ^ words[i]!, 0xcc9e2d51) ^ (a >>> 15);
      b = Math.imul(b ^ words[i + 1]!, 0x1b873593) ^ (b >>> 13);
    }
    if (even < words.length) a = Math.imul(a ^ words[even]!, 0xcc9e2d51) ^ (a >>> 15);
    const mixed = Math.imul(a ^ (b >>> 16) ^ (b << 16), 0x85ebca6b);
    return mixed ^ (mixed >>> 13);
  }
}
