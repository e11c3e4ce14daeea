import { describe, expect, test } from 'vitest';
import { numbers } from '../engines/engines-at-work.ts';
import { tinyRecipe } from '../tiny.ts';
import {
  encodeAndLearn,
  encoderMaterial,
  expectSame,
  plainEncoder,
  sharedEncoder,
} from './encoder-at-work.ts';

describe('of the usual size', () => {
  const recipe = tinyRecipe(
    {
      convolutions: [
        { filters: 16, size: 8, stride: 4 },
        { filters: 32, size: 4, stride: 2 },
      ],
      ...{ dense: 128, lstm: 128 },
    },
    { height: 56, width: 56 },
  );
  const side = 56 * 3;
  /** A ground with squares of 12 pixels in places drawn at random. */
  const scene = (seed: string, squares: number, noise = 0): Uint8Array => {
    const { integers, uniform } = numbers(seed);
    const pixels = new Uint8Array(56 * side);
    for (let i = 0; i < squares; i++) {
      const [row, column] = integers(2, 4) as unknown as [number, number];
      for (let y = 0; y < 12; y++) {
        const from = (row * 14 + y) * side + column * 42;
        pixels.fill(60 + 40 * i, from, from + 36);
      }
    }
    for (let i = 0; i < noise; i++) pixels[Math.floor(uniform() * pixels.length)] = i;
    return pixels;
  };
  const batch = (...frames: Uint8Array[]) => Uint8Array.from(frames.flatMap((f) => [...f]));
  const scenes = (name: string, n: number, noise = 0) =>
    batch(...Array.from({ length: n }, (_, i) => scene(`${name} ${i}`, 2, noise)));

  test.each([
    ['squares', 0],
    ['squares in some noise', 40],
    ['noise', 20_000],
  ])('gives the drives and gradients of whole frames: %s', async (name, noise) => {
    const material = encoderMaterial(recipe, 5);
    const plain = await plainEncoder(material, 'onnx');
    const shared = await sharedEncoder(material, 'onnx');
    const batches = [scenes(name, 7, noise), scenes(`${name} again`, 4, noise)];
    const expected = await encodeAndLearn(plain, material, batches);
    expectSame(await encodeAndLearn(shared, material, batches), expected, 2e-5);
  });

  test.each(['onnx', 'wasm'] as const)(
    'an encoder that has seen much gives the bits of a fresh one (%s)',
    async (engine) => {
      const material = encoderMaterial(recipe, 5);
      const used = await sharedEncoder(material, engine);
      for (let update = 0; update < 6; update++) {
        const noise = update % 3 === 2 ? 50 : 0;
        await encodeAndLearn(used, material, [scenes('a', 5), scenes(`${update}`, 3, noise)]);
      }
      for (const batches of [
        [scenes('b', 1)],
        [scenes('a', 3), scenes('b', 1), scenes('a', 6)],
        [scenes('4', 3), scenes('a', 2), scenes('c', 9, 30)],
      ]) {
        const fresh = await sharedEncoder(material, engine);
        const expected = await encodeAndLearn(fresh, material, batches);
        expect(await encodeAndLearn(used, material, batches)).toEqual(expected);
      }
    },
  );

  test.each(['onnx', 'wasm'] as const)(
    'a frame’s drive has the same bits in any company (%s)',
    async (engine) => {
      const material = encoderMaterial(recipe, 5);
      const { driveSize, frameSize } = material.settings;
      const count = 30;
      const pixels = scenes('company', count, 3);
      const encoder = await sharedEncoder(material, engine);
      const all = (await encodeAndLearn(encoder, material, [pixels])).drives;
      for (const n of [1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 16, 17, 23, 29]) {
        const from = (n * 7) % (count - n + 1);
        const few = pixels.subarray(from * frameSize, (from + n) * frameSize);
        const fresh = await sharedEncoder(material, engine);
        const { drives } = await encodeAndLearn(fresh, material, [few]);
        expect(drives).toEqual(all.subarray(from * driveSize, (from + n) * driveSize));
      }
    },
  );

  test('keeps no more from one update to the next than its bounds allow', async () => {
    const material = encoderMaterial(recipe, 5);
    const bounds = { frames: 12 * 56 * side, structure: 400_000 };
    const encoder = await sharedEncoder(material, 'onnx', bounds);
    const wasKept = { frames: 0, structure: 0 };
    for (let update = 0; update < 12; update++) {
      const fresh = await sharedEncoder(material, 'onnx');
      const batches = [scenes(`${update}`, 5, update > 6 ? 300 : 0), scenes('again', 2)];
      const expected = await encodeAndLearn(fresh, material, batches);
      expect(await encodeAndLearn(encoder, material, batches)).toEqual(expected);
      encoder.forget();
      const kept = encoder.keptBytes;
      for (const part of ['frames', 'structure'] as const) {
        expect(kept[part]).toBeLessThanOrEqual(bounds[part]);
        wasKept[part] = Math.max(wasKept[part], kept[part]);
      }
    }
    expect(wasKept.frames).toBeGreaterThan(bounds.frames / 4);
    expect(wasKept.structure).toBeGreaterThan(bounds.structure / 4);
  });
});
