/** Which rows of the layer below a row looks at, and where these lie. */
export interface RowsBelow {
  /** By id: what a row looks at, as ids of the layer below, int32 [≥ ids, looks]. */
  readonly tuples: Int32Array;
  readonly looks: number;
  /** By id of the layer below: one more than the row's place. */
  readonly plusOne: Int32Array;
}

/** Writes where that lies which rows look at: into int32 [to − from, looks]. */
export function placesOf(
  into: Int32Array,
  ids: Int32Array,
  from: number,
  to: number,
  { tuples, looks, plusOne }: RowsBelow,
): void {
  let at = 0;
  for (let row = from; row < to; row++) {
    const first = ids[row]! * looks;
    for (let look = first; look < first + looks; look++) into[at++] = plusOne[tuples[look]!]! - 1;
  }
}

/**
 * Writes the rows of these ids: into [to − from, width]. Rows are short: to set each by a view would take longer, and leave garbage.
 * @param plusOne their places; absent where an id is its place
 */
export function pick(
  into: Float32Array,
  ids: Int32Array,
  from: number,
  to: number,
  values: Float32Array,
  width: number,
  plusOne: Int32Array,
): void {
  let at = 0;
  for (let row = from; row < to; row++) {
    let i = (plusOne[ids[row]!]! - 1) * width;
    const end = i + width;
    for (; i + 3 < end; i += 4, at += 4) {
      into[at] = values[i]!;
      into[at + 1] = values[i + 1]!;
      into[at + 2] = values[i + 2]!;
      into[at + 3] = values[i + 3]!;
    }
    while (i < end) into[at++] = values[i++]!;
  }
}

/** Writes the rows of these ids, which are their places: into uint8 [to − from, width]. */
export function pickBytes(
  into: Uint8Array,
  ids: Int32Array,
  from: number,
  to: number,
  values: Uint8Array,
  width: number,
): void {
  if (width % 4 > 0) {
    for (let row = from; row < to; row++) {
      const at = ids[row]! * width;
      into.set(values.subarray(at, at + width), (row - from) * width);
    }
    return;
  }
  const [target, words, each] = [wordsOf(into), wordsOf(values), width / 4];
  let at = 0;
  for (let row = from; row < to; row++) {
    let i = ids[row]! * each;
    for (const end = i + each; i < end; i++) target[at++] = words[i]!;
  }
}

/** The whole words of bytes that begin at one. */
export const wordsOf = ({ buffer, byteOffset, length }: Uint8Array): Int32Array =>
  new Int32Array(buffer, byteOffset, Math.floor(length / 4));
