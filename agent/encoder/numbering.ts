import { grown } from './grow.ts';

/** Numbers for some of many ids, in the order in which they are first asked for. */
export class Numbering {
  /** The ids by their numbers, int32 [≥ count]. */
  ids = new Int32Array(64);
  count = 0;
  /** By id: one more than its number, zero where it has none. */
  plusOne = new Int32Array(64);

  has(id: number): boolean {
    return id < this.plusOne.length && this.plusOne[id] !== 0;
  }

  /** The number of an id; a new one where it has none. */
  of(id: number): number {
    if (id >= this.plusOne.length) this.plusOne = grown(this.plusOne, id + 1);
    const known = this.plusOne[id]!;
    if (known !== 0) return known - 1;
    const number = this.count++;
    if (number >= this.ids.length) this.ids = grown(this.ids, this.count);
    this.ids[number] = id;
    this.plusOne[id] = this.count;
    return number;
  }

  /** Numbers the members of tuples, int32 [tuples, length], those of `which` from `from` up to `to`. */
  addAll(tuples: Int32Array, length: number, which: Int32Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const first = which[i]! * length;
      for (let at = first; at < first + length; at++) this.of(tuples[at]!);
    }
  }

  clear(): void {
    for (let number = 0; number < this.count; number++) this.plusOne[this.ids[number]!] = 0;
    this.count = 0;
  }
}
