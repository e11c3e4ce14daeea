import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortedNodes } from '../../../agent/compiler/graph.ts';
import { trace } from '../../../agent/compiler/trace.ts';
import { convolve } from '../../../agent/encoder/convolve.ts';
import { encodeBackwardProgram } from '../../../agent/encoder/plain-programs.ts';
import { encoderParameters } from '../../../agent/encoder/shapes.ts';
import * as tf from '../../../agent/tf.ts';
import { expectClose, numbers } from '../engines/engines-at-work.ts';
import { anyTiny, tinyRecipe } from '../tiny.ts';
import {
  type EncoderMaterial,
  encodeAndLearn,
  encoderMaterial,
  plainEncoder,
} from './encoder-at-work.ts';

/** Drives and gradients as TensorFlow.js has them, of a pass that knows nothing from before. */
async function reference(
  { shapes, settings }: EncoderMaterial,
  pixels: Uint8Array,
  driveGradient: Float32Array,
) {
  await tf.setBackend('cpu');
  return tf.tidy(() => {
    const names = encoderParameters(shapes).map(({ name }) => name);
    const count = pixels.length / settings.frameSize;
    const frames = tf.tensor4d(Int32Array.from(pixels), [count, ...shapes.frame], 'int32');
    const drive = (...values: tf.Tensor[]) =>
      convolve(shapes, Object.fromEntries(names.map((name, i) => [name, values[i]!])), frames)
        .drive!;
    const values = encoderParameters(shapes).map(({ name, shape }) =>
      tf.tensor(settings.parameters[name]!.slice(), [...shape]),
    );
    const dy = tf.tensor2d(driveGradient, [count, settings.driveSize]);
    const gradients = tf.grads(drive)(values, dy);
    return {
      drives: drive(...values).dataSync() as Float32Array,
      gradients: Object.fromEntries(
        names.map((name, i) => [name, gradients[i]!.dataSync() as Float32Array]),
      ),
    };
  });
}

test.each(['onnx', 'wasm', 'cpu'] as const)(
  'gives the drives and gradients that TensorFlow.js gives (%s)',
  async (engine) => {
    await fc.assert(
      fc.asyncProperty(anyTiny, async ({ recipe, N, seed }) => {
        const material = encoderMaterial(recipe, seed);
        const { frameSize, driveSize } = material.settings;
        // Wide apart, so that no two are equal.
        const pixels = numbers(seed).bytes(N * frameSize);
        for (let i = 0; i < N; i++) pixels[i * frameSize] = 17 * i;
        const encoder = await plainEncoder(material, engine);
        const learned = await encodeAndLearn(encoder, material, [pixels]);
        expect(learned.indices).toEqual(Array.from({ length: N }, (_, i) => i));
        const dy = Float32Array.from({ length: N * driveSize }, (_, i) =>
          Math.sin(7 * Math.floor(i / driveSize) + i),
        );
        const expected = await reference(material, pixels, dy);
        expectClose({ drives: learned.drives }, { drives: expected.drives });
        expectClose(learned.gradients, expected.gradients);
      }),
      { seed: 14, numRuns: 4 },
    );
  },
);

test('nothing passes forward again for the gradients', () => {
  const { shapes } = encoderMaterial(tinyRecipe(), 1);
  const count = (ops: RegExp) =>
    sortedNodes(trace(encodeBackwardProgram(shapes))).filter(({ op }) => ops.test(op)).length;
  // Gradients of two layers' filters and of one layer's input.
  expect(count(/^Conv/)).toBe(3);
  expect(count(/^Relu/)).toBe(0);
});

test('encodes each distinct frame once, and again after it was told to forget', async () => {
  const material = encoderMaterial(tinyRecipe(), 1, 2);
  const { frameSize, driveSize, parameters } = material.settings;
  const { bytes } = numbers('frames');
  const [one, two, three] = [bytes(frameSize), bytes(frameSize), bytes(frameSize)];
  const encoder = await plainEncoder(material, 'onnx');
  const first = await encodeAndLearn(encoder, material, [
    Uint8Array.from([...one, ...one]),
    Uint8Array.from([...two, ...one]),
  ]);
  expect(first.indices).toEqual([0, 0, 1, 0]);
  expect(encoder.count).toBe(2);
  await expect(encoder.encode(three, new Int32Array(1))).rejects.toThrow(
    new RangeError('More than 2 distinct frames.'),
  );
  for (const values of Object.values(parameters)) for (const i of values.keys()) values[i]! *= 0.5;
  const second = await encodeAndLearn(encoder, material, [two]);
  expect(second.indices).toEqual([0]);
  expect(second.drives).not.toEqual(first.drives.subarray(driveSize));
});

test('one by one, a frame’s drive is the same bits in any company', async () => {
  const material = encoderMaterial(tinyRecipe({ dense: 128, lstm: 64 }), 1);
  const { frameSize, driveSize } = material.settings;
  const pixels = numbers('company').bytes(5 * frameSize);
  const encoder = await plainEncoder(material, 'onnx', true);
  const all = await encodeAndLearn(encoder, material, [pixels]);
  const last = await encodeAndLearn(encoder, material, [pixels.subarray(4 * frameSize)]);
  expect(last.drives).toEqual(all.drives.subarray(4 * driveSize));
});
