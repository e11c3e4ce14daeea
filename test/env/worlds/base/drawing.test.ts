import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type GridLook,
  gridDrawer,
  type Rgb,
  tileDrawer,
} from '../../../../env/worlds/base/drawing.ts';

/** Asks of each pixel which cell it is in and what lies there: slow, and nothing in common with the drawer. */
function drawPixelByPixel({ size, pixels, ground, things }: GridLook, cells: Int32Array) {
  const cellOf = (at: number) => {
    let last = 0;
    while (Math.round(((last + 1) * pixels) / size) <= at) last++;
    return last;
  };
  const cell = Array.from({ length: pixels }, (_, at) => cellOf(at));
  const picture: number[] = [];
  for (let y = 0; y < pixels; y++) {
    for (let x = 0; x < pixels; x++) {
      picture.push(...(things[cells.lastIndexOf(cell[y]! * size + cell[x]!)] ?? ground));
    }
  }
  return Uint8Array.from(picture);
}

const channel = fc.integer({ min: 0, max: 255 });
const colour: fc.Arbitrary<Rgb> = fc.tuple(channel, channel, channel);
const grey: fc.Arbitrary<Rgb> = channel.map((value) => [value, value, value]);

const pictures = fc
  .record({
    size: fc.integer({ min: 1, max: 9 }),
    extra: fc.integer({ min: 0, max: 30 }),
    ground: fc.oneof(colour, grey),
    things: fc.array(colour, { maxLength: 4 }),
  })
  .chain(({ extra, ...look }) =>
    fc.record({
      look: fc.constant<GridLook>({ ...look, pixels: look.size + extra }),
      scenes: fc.array(
        fc.array(fc.integer({ min: 0, max: look.size ** 2 - 1 }), {
          minLength: look.things.length,
          maxLength: look.things.length,
        }),
        { minLength: 1, maxLength: 12 },
      ),
    }),
  );

test('pixel for pixel what a naive drawer draws, whatever the buffer held', () => {
  fc.assert(
    fc.property(pictures, ({ look, scenes }) => {
      const draw = gridDrawer(look);
      const into = new Uint8Array(look.pixels ** 2 * 3).fill(99);
      for (const scene of [...scenes, ...scenes]) {
        const cells = Int32Array.from(scene);
        draw(cells, into);
        expect(Buffer.compare(into, drawPixelByPixel(look, cells))).toBe(0);
      }
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('tiles, pixel for pixel what a naive drawer draws, whatever the buffer held', () => {
  const scene = fc
    .record({
      size: fc.integer({ min: 1, max: 9 }),
      extra: fc.integer({ min: 0, max: 30 }),
      colours: fc.array(colour, { minLength: 1, maxLength: 5 }),
    })
    .chain(({ size, extra, colours }) =>
      fc.record({
        look: fc.constant({ size, pixels: size + extra, colours }),
        tiles: fc.uint8Array({
          ...{ minLength: size ** 2, maxLength: size ** 2, max: colours.length - 1 },
        }),
      }),
    );
  fc.assert(
    fc.property(scene, ({ look, tiles }) => {
      const into = new Uint8Array(look.pixels ** 2 * 3).fill(99);
      tileDrawer(look)(tiles, into);
      // A grid of things that fill every cell is the same picture.
      const things = Array.from(tiles, (tile) => look.colours[tile]!);
      const cells = Int32Array.from(tiles, (_, cell) => cell);
      const naive = drawPixelByPixel({ ...look, ground: [0, 0, 0], things }, cells);
      expect(Buffer.compare(into, naive)).toBe(0);
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('a picture small enough to read', () => {
  const look: GridLook = {
    size: 2,
    pixels: 3,
    ground: [0, 0, 0],
    things: [
      [1, 1, 1],
      [2, 2, 2],
    ],
  };
  const into = new Uint8Array(27);
  const red = () => Array.from({ length: 9 }, (_, i) => into[i * 3]);
  gridDrawer(look)(Int32Array.of(0, 3), into);
  expect(red()).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 2]);
  gridDrawer(look)(Int32Array.of(3, 3), into);
  expect(red()).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 2]);
});

test('draws only within its part of a larger buffer', () => {
  const batch = new Uint8Array(3 * 12).fill(9);
  const look: GridLook = { size: 2, pixels: 2, ground: [0, 0, 0], things: [[5, 6, 7]] };
  gridDrawer(look)(Int32Array.of(3), batch.subarray(12, 24));
  expect([...batch.subarray(0, 12), ...batch.subarray(24)]).toEqual(Array(24).fill(9));
  expect([...batch.subarray(12, 24)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 6, 7]);
});

test('still right once more bands were seen than are kept', () => {
  const look: GridLook = {
    size: 32,
    pixels: 1024,
    ground: [3, 2, 1],
    things: [
      [200, 0, 0],
      [0, 200, 0],
    ],
  };
  const draw = gridDrawer(look);
  const into = new Uint8Array(1024 * 1024 * 3);
  for (let cell = 0; cell < 300; cell++) {
    draw(Int32Array.of(cell % 32, 32 + ((cell * 7) % 32) * (cell % 2)), into);
  }
  const cells = Int32Array.of(0, 31);
  draw(cells, into);
  expect(Buffer.compare(into, drawPixelByPixel(look, cells))).toBe(0);
});
