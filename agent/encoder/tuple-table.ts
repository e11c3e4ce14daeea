import { grown } from './grow.ts';

/** The distinct tuples of whole numbers among those shown to it, each with a number, in order of first sight. */
export class TupleTable {
  readonly length: number;
  /** int32 [≥ count, length] */
  tuples: Int32Array;
  count = 0;
  /** Open addressing: one more than a tuple's number, zero where free. */
  #buckets: Int32Array;

  /** @param length of every tuple */
  constructor(length: number) {
    this.length = length;
    this.tuples = new Int32Array(64 * length);
    this.#buckets = new Int32Array(128);
  }

  get bytes(): number {
    return this.tuples.byteLength + this.#buckets.byteLength;
  }

  /** The number of a tuple equal to this one; added if there is none. */
  numberOf(tuple: Int32Array): number {
    const { tuples, length } = this;
    const buckets = this.#buckets;
    const mask = buckets.length - 1;
    for (let bucket = hashOf(tuple, 0, length) & mask; ; bucket = (bucket + 1) & mask) {
      const number = buckets[bucket]! - 1;
      if (number < 0) {
        buckets[bucket] = this.count + 1;
        return this.#append(tuple);
      }
      const at = number * length;
      let i = 0;
      while (i < length && tuples[at + i] === tuple[i]) i++;
      if (i === length) return number;
    }
  }

  /** Forgets all tuples, without giving memory back. */
  clear(): void {
    this.count = 0;
    this.#buckets.fill(0);
  }

  #append(tuple: Int32Array): number {
    const number = this.count++;
    this.tuples = grown(this.tuples, this.count * this.length);
    this.tuples.set(tuple, number * this.length);
    if (2 * this.count > this.#buckets.length) this.#spread(2 * this.#buckets.length);
    return number;
  }

  #spread(size: number): void {
    const { tuples, length } = this;
    const buckets = new Int32Array(size);
    for (let number = 0; number < this.count; number++) {
      let bucket = hashOf(tuples, number * length, length) & (size - 1);
      while (buckets[bucket] !== 0) bucket = (bucket + 1) & (size - 1);
      buckets[bucket] = number + 1;
    }
    this.#buckets = buckets;
  }
}

function hashOf(values: Int32Array, from: number, length: number): number {
  let hash = 0x9e3779b9 | 0;
  for (let i = from; i < from + length; i++) {
    hash = Math.imul(hash ^ values[i]!, 0xcc9e2d51);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
