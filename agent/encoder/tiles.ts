import type { ConvolutionShape } from './shapes.ts';
import type { TupleTable } from './tuple-table.ts';

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

/** Cuts a frame into the square tiles of which the places that a convolution looks at consist. */
export class TileReader {
  /** Pixels along a tile. */
  readonly side: number;
  /** Tiles in a row of the frame. */
  readonly columns: number;
  /** Int32 that a tile fills. */
  readonly words: number;
  /** Of the latest frame, by rows: int32 [tiles]. */
  readonly numbers: Int32Array;
  readonly #tile: Int32Array;
  readonly #tileBytes: Uint8Array;
  readonly #rowBytes: number;
  /** Bytes of a tile's row. */
  readonly #run: number;
  readonly #byWords: boolean;

  /** @param frame height, width and channels */
  constructor(
    { size, stride, output }: ConvolutionShape,
    [, width, channels]: readonly [number, number, number],
  ) {
    this.side = greatestCommonDivisor(size, stride);
    const along = (places: number) => ((places - 1) * stride + size) / this.side;
    this.columns = along(output[1]);
    this.numbers = new Int32Array(along(output[0]) * this.columns);
    this.#rowBytes = width * channels;
    this.#run = this.side * channels;
    this.words = Math.ceil((this.side * this.#run) / 4);
    this.#byWords = this.#rowBytes % 4 === 0 && this.#run % 4 === 0;
    this.#tile = new Int32Array(this.words);
    this.#tileBytes = new Uint8Array(this.#tile.buffer);
  }

  /** Writes the numbers in `tiles` of a frame's tiles. @param every reads only every so manieth tile */
  read(pixels: Uint8Array, tiles: TupleTable, every = 1): void {
    const words = this.#byWords && pixels.byteOffset % 4 === 0;
    const run = words ? this.#run / 4 : this.#run;
    const row = words ? this.#rowBytes / 4 : this.#rowBytes;
    const from = words
      ? new Int32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4)
      : pixels;
    const to = words ? this.#tile : this.#tileBytes;
    const { columns, numbers, side } = this;
    for (let tile = 0; tile < numbers.length; tile += every) {
      let start = Math.floor(tile / columns) * side * row + (tile % columns) * run;
      for (let y = 0, at = 0; y < side; y++, start += row) {
        for (let i = 0; i < run; i++) to[at++] = from[start + i]!;
      }
      numbers[tile] = tiles.numberOf(this.#tile);
    }
  }
}
