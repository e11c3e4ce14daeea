import type { ConvolutionShape, EncoderShapes } from './shapes.ts';
import type { TupleTable } from './tuple-table.ts';

/** Squares of a frame, in rows. */
interface Squares {
  /** Pixels along a square, and from one to the next. */
  readonly side: number;
  readonly step: number;
  readonly rows: number;
  readonly columns: number;
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

/** The largest tiles of which all that a convolution looks at consists. */
export function tiles({ size, stride, output }: ConvolutionShape): Squares {
  const side = greatestCommonDivisor(size, stride);
  const along = (places: number) => ((places - 1) * stride + size) / side;
  return { side, step: side, rows: along(output[0]), columns: along(output[1]) };
}

/** Reads squares of frames as tuples of numbers. */
export class SquareReader {
  readonly squares: Squares;
  /** Int32 that a square fills. */
  readonly words: number;
  /** Of the latest frame's squares, by rows: int32 [rows · columns]. */
  readonly numbers: Int32Array;
  readonly #square: Int32Array;
  readonly #bytes: Uint8Array;
  /** Bytes of a row of the frame, of a row of a square, and from one square to the next. */
  readonly #row: number;
  readonly #run: number;
  readonly #step: number;
  readonly #byWords: boolean;

  constructor(squares: Squares, [, width, channels]: EncoderShapes['frame']) {
    this.squares = squares;
    this.numbers = new Int32Array(squares.rows * squares.columns);
    this.#row = width * channels;
    this.#run = squares.side * channels;
    this.#step = squares.step * channels;
    this.words = Math.ceil((squares.side * this.#run) / 4);
    this.#byWords = [this.#row, this.#run, this.#step].every((bytes) => bytes % 4 === 0);
    this.#square = new Int32Array(this.words);
    this.#bytes = new Uint8Array(this.#square.buffer);
  }

  /** Writes the numbers that a frame's squares have in `table`. */
  read(pixels: Uint8Array, table: TupleTable): void {
    const words = this.#byWords && pixels.byteOffset % 4 === 0;
    const unit = words ? 4 : 1;
    const [run, row, across] = [this.#run / unit, this.#row / unit, this.#step / unit];
    const from = words
      ? new Int32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4)
      : pixels;
    const to = words ? this.#square : this.#bytes;
    const { numbers } = this;
    const { columns, side, step } = this.squares;
    for (let square = 0; square < numbers.length; square++) {
      let start = Math.floor(square / columns) * step * row + (square % columns) * across;
      for (let y = 0, at = 0; y < side; y++, start += row) {
        for (let i = 0; i < run; i++) to[at++] = from[start + i]!;
      }
      numbers[square] = table.numberOf(this.#square);
    }
  }
}
