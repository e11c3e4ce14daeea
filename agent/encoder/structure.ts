import { grown } from './grow.ts';
import type { ConvolutionShape, EncoderShapes } from './shapes.ts';
import { SquareReader, tiles } from './squares.ts';
import { TupleTable } from './tuple-table.ts';

/** Places in one grid that each place of the next grid looks at: int32 [places, looks]. */
interface Window {
  readonly places: Int32Array;
  readonly looks: number;
}

/**
 * What frames consist of: what a convolution looks at in one place is a tuple of numbers of what the one below looks at, down to
 * tiles of pixels. What is equal has one number, so each layer has to be computed only once for it, wherever and in whichever
 * frame it stands. None of this depends on parameters.
 */
export class Structure {
  readonly #first: ConvolutionShape;
  readonly #rowBytes: number;
  readonly #reader: SquareReader;
  readonly #windows: readonly Window[];
  /** Numbers of what each layer looks at in the present frame, tiles first. */
  readonly #grids: readonly Int32Array[];
  readonly #tuples: readonly Int32Array[];
  #tiles: TupleTable;
  /** For each convolution, what it has looked at: tuples of tiles, or of numbers of the one below. */
  #tables: readonly TupleTable[];
  /** The pixels that the first convolution has looked at: uint8 [≥ count, size · size · channels]. */
  #patches = new Uint8Array(0);
  #frames = new Int32Array(0);
  frameCount = 0;

  constructor({ convolutions, frame }: EncoderShapes) {
    const first = convolutions[0]!;
    this.#first = first;
    this.#rowBytes = frame[1] * frame[2];
    this.#reader = new SquareReader(tiles(first), frame);
    const { size, stride, output } = first;
    const { side, columns } = this.#reader.squares;
    this.#windows = convolutions.map((layer, i) => {
      if (i === 0) return windowOf(size / side, stride / side, output, columns);
      return windowOf(layer.size, layer.stride, layer.output, convolutions[i - 1]!.output[1]);
    });
    this.#grids = convolutions.map(({ output }) => new Int32Array(output[0] * output[1]));
    this.#tuples = this.#windows.map(({ looks }) => new Int32Array(looks));
    this.#tiles = new TupleTable(this.#reader.words);
    this.#tables = this.#windows.map(({ looks }) => new TupleTable(looks));
  }

  /** Memory for what frames consist of; the frames' own tuples do not count. */
  get bytes(): number {
    const tables = [this.#tiles, ...this.#tables].reduce((sum, { bytes }) => sum + bytes, 0);
    return tables + this.#patches.length;
  }

  /** Numbers of a frame's tuple: places of the last convolution. */
  get looksOfFrame(): number {
    return this.#grids.at(-1)!.length;
  }

  /** What the last convolution looks at in each frame: int32 [≥ frameCount, looksOfFrame]. */
  get frames(): Int32Array {
    return this.#frames;
  }

  /** uint8 [≥ count, size · size · channels] */
  get patches(): Uint8Array {
    return this.#patches;
  }

  /** What a convolution looks at. */
  table(convolution: number): TupleTable {
    return this.#tables[convolution]!;
  }

  /** Takes a frame, uint8 [h, w, c], apart. Frames are numbered in order, whether or not they are equal. */
  add(pixels: Uint8Array): void {
    this.#reader.read(pixels, this.#tiles);
    let below: Int32Array = this.#reader.numbers;
    for (let layer = 0; layer < this.#windows.length; layer++) {
      const { places, looks } = this.#windows[layer]!;
      const grid = this.#grids[layer]!;
      const table = this.#tables[layer]!;
      const tuple = this.#tuples[layer]!;
      for (let place = 0, at = 0; place < grid.length; place++) {
        for (let i = 0; i < looks; i++) tuple[i] = below[places[at++]!]!;
        const known = table.count;
        grid[place] = table.numberOf(tuple);
        if (layer === 0 && table.count > known) this.#keepPatch(pixels, place);
      }
      below = grid;
    }
    const looks = below.length;
    this.#frames = grown(this.#frames, (this.frameCount + 1) * looks);
    this.#frames.set(below, this.frameCount * looks);
    this.frameCount += 1;
  }

  /** Forgets the frames, but not what they consist of. */
  clearFrames(): void {
    this.#frames = new Int32Array(0);
    this.frameCount = 0;
  }

  clear(): void {
    this.clearFrames();
    this.#tiles = new TupleTable(this.#tiles.length);
    this.#tables = this.#tables.map(({ length }) => new TupleTable(length));
    this.#patches = new Uint8Array(0);
  }

  /** Keeps the pixels at a place of the first convolution, which has not seen their like. */
  #keepPatch(pixels: Uint8Array, place: number): void {
    const { size, stride, inputs, output } = this.#first;
    const length = size * size * inputs;
    this.#patches = grown(this.#patches, this.#tables[0]!.count * length);
    const top = Math.floor(place / output[1]) * stride;
    const left = (place % output[1]) * stride;
    let to = (this.#tables[0]!.count - 1) * length;
    for (let y = top; y < top + size; y++) {
      const from = y * this.#rowBytes + left * inputs;
      for (let i = 0; i < size * inputs; i++) this.#patches[to++] = pixels[from + i]!;
    }
  }
}

function windowOf(
  size: number,
  stride: number,
  [height, width]: readonly [number, number, number],
  columns: number,
): Window {
  const looks = size * size;
  const places = new Int32Array(height * width * looks);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          places[at++] = (y * stride + i) * columns + x * stride + j;
        }
      }
    }
  }
  return { places, looks };
}
