import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LearningEncoder } from '../../../agent/encoder/encoder.ts';
import { numbers } from '../engines/engines-at-work.ts';
import { anyTiny, tinyRecipe } from '../tiny.ts';
import {
  type EncoderMaterial,
  encodeAndLearn,
  encoderMaterial,
  expectSame,
  plainEncoder,
  sharedEncoder,
} from './encoder-at-work.ts';

/** Frames drawn from a few, in batches, so that some are seen again within a batch, some in a later one. */
function batchesOf({ settings }: EncoderMaterial, N: number, values: number, seed: number) {
  const { bytes, integers } = numbers(seed);
  const { frameSize } = settings;
  const pictures = bytes(N * frameSize, values);
  return [1, 3, 2, 4].map((n) => {
    const batch = new Uint8Array(n * frameSize);
    for (const [i, picture] of integers(n, N).entries()) {
      const from = picture * frameSize;
      batch.set(pictures.subarray(from, from + frameSize), i * frameSize);
    }
    return batch;
  });
}

test.each(['onnx', 'wasm', 'cpu'] as const)(
  'gives what convolutions of whole frames give, update after update (%s)',
  async (engine) => {
    await fc.assert(
      fc.asyncProperty(anyTiny, fc.constantFrom(1, 2, 256), async ({ recipe, N, seed }, values) => {
        const material = encoderMaterial(recipe, seed);
        const shared = await sharedEncoder(material, engine);
        const plain = await plainEncoder(material, 'cpu');
        for (let update = 0; update < 4; update++) {
          const batches = batchesOf(material, N + 1, values, seed % 1000);
          const expected = await encodeAndLearn(plain, material, batches);
          expectSame(await encodeAndLearn(shared, material, batches), expected, 1e-5);
          for (const values of Object.values(material.settings.parameters)) values[0]! += 0.1;
        }
      }),
      { seed: 14, numRuns: engine === 'wasm' ? 5 : 12 },
    );
  },
);

test.each(['onnx', 'wasm', 'cpu'] as const)(
  'gives the products of a dense layer over several pictures, as convolutions of whole frames do (%s)',
  async (engine) => {
    const material = encoderMaterial(tinyRecipe({ pictures: 3 }), 3);
    expect(material.settings.driveSize).toBe(3 * 6);
    const batches = batchesOf(material, 4, 2, 3);
    const expected = await encodeAndLearn(await plainEncoder(material, 'cpu'), material, batches);
    const shared = await sharedEncoder(material, engine);
    expectSame(await encodeAndLearn(shared, material, batches), expected, 1e-5);
  },
);

test('encodes each distinct frame once, and again after it was told to forget', async () => {
  const material = encoderMaterial(tinyRecipe(), 1, 2);
  const { frameSize, driveSize, parameters } = material.settings;
  const { bytes } = numbers('frames');
  const [one, two, three] = [bytes(frameSize), bytes(frameSize), bytes(frameSize)];
  const encoder: LearningEncoder = await sharedEncoder(material, 'onnx');
  const first = await encodeAndLearn(encoder, material, [
    Uint8Array.from([...one, ...one]),
    Uint8Array.from([...two, ...one]),
  ]);
  expect(first.indices).toEqual([0, 0, 1, 0]);
  const full = new RangeError('More than 2 distinct frames.');
  await expect(encoder.encode(three, new Int32Array(1))).rejects.toThrow(full);
  expect(encoder.count).toBe(2);
  for (const values of Object.values(parameters)) for (const i of values.keys()) values[i]! *= 0.5;
  const second = await encodeAndLearn(encoder, material, [two]);
  expect(second.indices).toEqual([0]);
  expect(second.drives).not.toEqual(first.drives.subarray(driveSize));
});

test('gradients are zero where no frame was seen', async () => {
  const material = encoderMaterial(tinyRecipe(), 1);
  const { gradients } = await encodeAndLearn(await sharedEncoder(material, 'onnx'), material, []);
  for (const values of Object.values(gradients)) expect(new Set(values)).toEqual(new Set([0]));
});
