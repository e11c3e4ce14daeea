/** Red, green and blue, each 0..255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** What a square grid looks like, apart from where its things are. */
export interface GridLook {
  /** Cells along a side. */
  readonly size: number;
  /** Pixels along a side, at least `size`. */
  readonly pixels: number;
  readonly ground: Rgb;
  /** The colour of each thing that fills a cell; later things cover earlier ones. */
  readonly things: readonly Rgb[];
}

/**
 * Draws a grid.
 * @param cells the cell of each thing, row by row from the top left: row × size + column
 * @param into uint8 [pixels, pixels, 3], written whole
 */
export type DrawGrid = (cells: Int32Array, into: Uint8Array) => void;

/** The cache is emptied beyond this many bytes, so that a large grid cannot fill the memory. */
const MOST_CACHED_BYTES = 2 ** 24;

const drawers = new Map<string, WeakRef<DrawGrid>>();

/**
 * The function that draws grids of one look. Worlds that look alike share it, and with it its cache.
 *
 * Cell `i` begins at pixel `round(i × pixels / size)`, which divides any number of pixels evenly. A picture is the bare ground and, on
 * top, one band for each row of cells that holds something: all pixel rows of that row. Bands are cached by what they show, so
 * drawing a frame is one fill and one copy for each such row.
 */
export function gridDrawer(look: GridLook): DrawGrid {
  const key = JSON.stringify([look.size, look.pixels, look.ground, look.things]);
  const shared = drawers.get(key)?.deref();
  if (shared !== undefined) return shared;
  const draw = createDrawer(look);
  drawers.set(key, new WeakRef(draw));
  return draw;
}

function createDrawer({ size, pixels, ground, things }: GridLook): DrawGrid {
  const stride = pixels * 3;
  const edges = Int32Array.from({ length: size + 1 }, (_, i) => Math.round((i * pixels) / size));
  const background = filled(new Uint8Array(pixels * stride), ground);
  const grey = ground[0] === ground[1] && ground[1] === ground[2];
  const bands = new Map<number, Uint8Array>();
  let cachedBytes = 0;

  /** @param key of the band: its height, then the column of each thing, from 1, or 0 for one in another row */
  function drawBand(key: number, row: number, cells: Int32Array): Uint8Array {
    const height = edges[row + 1]! - edges[row]!;
    const band = filled(new Uint8Array(height * stride), ground);
    things.forEach((colour, thing) => {
      const column = cells[thing]! - row * size;
      if (column < 0 || column >= size) return;
      for (let y = 0; y < height; y++) {
        const line = y * stride;
        filled(band.subarray(line + edges[column]! * 3, line + edges[column + 1]! * 3), colour);
      }
    });
    if (cachedBytes + band.length > MOST_CACHED_BYTES) {
      bands.clear();
      cachedBytes = 0;
    }
    cachedBytes += band.length;
    bands.set(key, band);
    return band;
  }

  return (cells, into) => {
    // A grey ground is one byte over and over, and filling takes two thirds of the time of copying.
    if (grey) into.fill(ground[0]);
    else into.set(background);
    for (let thing = 0; thing < things.length; thing++) {
      const row = Math.floor(cells[thing]! / size);
      const first = row * size;
      let key = edges[row + 1]! - edges[row]!;
      for (let other = 0; other < things.length; other++) {
        const column = cells[other]! - first;
        key = key * (size + 1) + (column >= 0 && column < size ? column + 1 : 0);
      }
      into.set(bands.get(key) ?? drawBand(key, row, cells), edges[row]! * stride);
    }
  };
}

/** What a grid of tiles looks like, apart from which tile is where. */
export interface TileLook {
  /** Cells along a side. */
  readonly size: number;
  /** Pixels along a side, at least `size`. */
  readonly pixels: number;
  /** The colour of each kind of tile. */
  readonly colours: readonly Rgb[];
}

/**
 * Draws a grid of tiles.
 * @param tiles uint8 [size × size], the kind of each cell's tile
 * @param into uint8 [pixels, pixels, 3], written whole
 */
export type DrawTiles = (tiles: Uint8Array, into: Uint8Array) => void;

/** The function that draws grids of one look in which anything may lie anywhere; cells begin where those of `gridDrawer` do. */
export function tileDrawer({ size, pixels, colours }: TileLook): DrawTiles {
  const stride = pixels * 3;
  const edges = Int32Array.from({ length: size + 1 }, (_, i) => Math.round((i * pixels) / size));
  const widest = Math.ceil(pixels / size);
  const strips = colours.map((colour) => filled(new Uint8Array(widest * 3), colour));
  // Each strip cut to the width of each column.
  const pieces = strips.map((strip) =>
    Array.from({ length: size }, (_, i) => strip.subarray(0, (edges[i + 1]! - edges[i]!) * 3)),
  );
  return (tiles, into) => {
    for (let row = 0; row < size; row++) {
      const line = edges[row]! * stride;
      for (let column = 0; column < size; column++) {
        into.set(pieces[tiles[row * size + column]!]![column]!, line + edges[column]! * 3);
      }
      const end = edges[row + 1]! * stride;
      for (let next = line + stride; next < end; next += stride) {
        into.copyWithin(next, line, line + stride);
      }
    }
  };
}

function filled(pixels: Uint8Array, [red, green, blue]: Rgb): Uint8Array {
  for (let at = 0; at < pixels.length; at += 3) {
    pixels[at] = red;
    pixels[at + 1] = green;
    pixels[at + 2] = blue;
  }
  return pixels;
}
