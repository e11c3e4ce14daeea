import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EncoderShapes, encoderShapes } from '../../../agent/encoder/shapes.ts';
import { Structure } from '../../../agent/encoder/structure.ts';
import { TupleTable } from '../../../agent/encoder/tuple-table.ts';
import { numbers } from '../engines/engines-at-work.ts';
import { anyTiny, tinyRecipe } from '../tiny.ts';

/** The pixels that a layer depends on in each of its places, as text. */
function fields(shapes: EncoderShapes, layer: number, pixels: Uint8Array): string[] {
  const { size, stride, inputs, output } = shapes.convolutions[layer]!;
  const below = layer > 0 ? fields(shapes, layer - 1, pixels) : [];
  const width = layer > 0 ? shapes.convolutions[layer - 1]!.output[1] : shapes.frame[1];
  const found: string[] = [];
  for (let place = 0; place < output[0] * output[1]; place++) {
    const looked: string[] = [];
    for (let i = 0; i < size * size; i++) {
      const y = Math.floor(place / output[1]) * stride + Math.floor(i / size);
      const at = y * width + (place % output[1]) * stride + (i % size);
      looked.push(below[at] ?? pixels.subarray(at * inputs, (at + 1) * inputs).join());
    }
    found.push(looked.join());
  }
  return found;
}

test('numbers what each layer looks at: equal pixels, and only they, have one number', () => {
  const scenes = fc.record({
    tiny: anyTiny,
    values: fc.constantFrom(1, 2, 256),
    count: fc.integer({ min: 1, max: 12 }),
    offset: fc.nat(3),
  });
  fc.assert(
    fc.property(scenes, ({ tiny: { recipe, seed }, values, count, offset }) => {
      const shapes = encoderShapes(recipe.config, recipe.world, 0);
      const frameSize = shapes.frame.reduce((a, b) => a * b, 1);
      const structure = new Structure(shapes);
      const memory = numbers(seed).bytes(offset + count * frameSize, values);
      const last = shapes.convolutions.length - 1;
      const names = shapes.convolutions.map(() => new Map<string, number>());
      const patches: string[] = [];
      for (let frame = 0; frame < count; frame++) {
        const pixels = memory.subarray(offset).subarray(frame * frameSize, (frame + 1) * frameSize);
        structure.add(pixels);
        for (const [layer, known] of names.entries()) {
          for (const field of fields(shapes, layer, pixels)) {
            if (known.has(field)) continue;
            known.set(field, known.size);
            if (layer === 0) patches.push(field);
          }
        }
        const { looksOfFrame: looks, frames } = structure;
        expect([...frames.subarray(frame * looks, (frame + 1) * looks)]).toEqual(
          fields(shapes, last, pixels).map((field) => names[last]!.get(field)),
        );
      }
      for (const [layer, known] of names.entries()) {
        expect(structure.table(layer).count).toBe(known.size);
      }
      const size = structure.patches.length && patches[0]!.split(',').length;
      for (const [i, patch] of patches.entries()) {
        expect(structure.patches.subarray(i * size, (i + 1) * size).join()).toBe(patch);
      }
    }),
    { seed: 14, numRuns: 150 },
  );
});

test('takes apart pictures of the usual convolutions, also where their rows do not fill words', () => {
  for (const [height, width] of [
    [56, 56],
    [37, 51],
    [20, 23],
  ] as const) {
    const { config, world } = tinyRecipe(
      {
        convolutions: [
          { filters: 2, size: 8, stride: 4 },
          { filters: 2, size: 4, stride: 2 },
        ],
      },
      { height, width },
    );
    const shapes = encoderShapes(config, world, 0);
    const structure = new Structure(shapes);
    const pixels = numbers(height).bytes(height * width * 3, 2);
    pixels.fill(0, 0, pixels.length / 2);
    structure.add(pixels);
    structure.add(pixels);
    const distinct = shapes.convolutions.map((_, i) => new Set(fields(shapes, i, pixels)).size);
    expect(distinct.map((_, i) => structure.table(i).count)).toEqual(distinct);
    expect(structure.frameCount).toBe(2);
    const { bytes } = structure;
    structure.clearFrames();
    structure.add(pixels);
    expect(structure.bytes).toBe(bytes);
    structure.clear();
    expect(structure.bytes).toBeLessThan(bytes);
    structure.add(pixels);
    expect(distinct.map((_, i) => structure.table(i).count)).toEqual(distinct);
  }
});

test('a table of tuples keeps apart what differs anywhere, however many there are', () => {
  const table = new TupleTable(3);
  const { integers } = numbers('tuples');
  const known = new Map<string, number>();
  for (let i = 0; i < 20_000; i++) {
    const tuple = integers(3, 20);
    const key = tuple.join();
    if (!known.has(key)) known.set(key, known.size);
    if (table.numberOf(tuple) !== known.get(key)) throw new Error(`${key} was taken for another`);
  }
  expect(table.count).toBe(known.size);
  expect([...table.tuples.subarray(0, 3 * table.count)].join()).toBe([...known.keys()].join());
});
