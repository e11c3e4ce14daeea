/** Pixels in a row, and rows in a picture, of a digit. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** Pictures of digits and what they show. */
export interface Digits {
  /** uint8 [N, 28, 28]: no ink is 0 */
  readonly images: Uint8Array;
  /** [N]: 0 to 9 */
  readonly labels: Uint8Array;
}

/** The picture at `index`; a view. */
export const imageAt = ({ images }: Digits, index: number): Uint8Array =>
  images.subarray(index * PIXELS, (index + 1) * PIXELS);
