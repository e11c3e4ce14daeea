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

/** Writes the rows of these ids: into float32 or uint8 [to − from, width]. @param plusOne their places; absent where an id is its place */
export function pick<A extends Float32Array | Uint8Array>(
  into: A,
  ids: Int32Array,
  from: number,
  to: number,
  values: A,
  width: number,
  plusOne?: Int32Array,
): void {
  for (let row = from; row < to; row++) {
    const place = plusOne ? plusOne[ids[row]!]! - 1 : ids[row]!;
    into.set(values.subarray(place * width, (place + 1) * width), (row - from) * width);
  }
}
