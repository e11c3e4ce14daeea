/** What one layer computes and what the next one looks at, by the row: the loops between a layer's product and the next. */

/** Which rows of the layer below a row looks at, and where these lie. */
export interface RowsBelow {
  /** By id: what a row looks at, as ids of the layer below, int32 [≥ ids, looks]. */
  readonly tuples: Int32Array;
  readonly looks: number;
  /** By id of the layer below: one more than the row's place in `values`. */
  readonly plusOne: Int32Array;
  /** float32 [rows below, width] */
  readonly values: Float32Array;
  readonly width: number;
}

/** Writes what rows look at: into float32 [to − from, looks · width]. */
export function gather(
  into: Float32Array,
  ids: Int32Array,
  from: number,
  to: number,
  { tuples, looks, plusOne, values, width }: RowsBelow,
): void {
  let at = 0;
  for (let row = from; row < to; row++) {
    const first = ids[row]! * looks;
    for (let look = first; look < first + looks; look++) {
      const source = (plusOne[tuples[look]!]! - 1) * width;
      for (let i = source; i < source + width; i++) into[at++] = values[i]!;
    }
  }
}

/** The reverse: adds the gradients of what rows look at, float32 [count, looks · width], to those of the rows below, `values`. */
export function scatter(
  gradients: Float32Array,
  ids: Int32Array,
  count: number,
  { tuples, looks, plusOne, values, width }: RowsBelow,
): void {
  let at = 0;
  for (let row = 0; row < count; row++) {
    const first = ids[row]! * looks;
    for (let look = first; look < first + looks; look++) {
      const target = (plusOne[tuples[look]!]! - 1) * width;
      for (let i = target; i < target + width; i++) values[i]! += gradients[at++]!;
    }
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
