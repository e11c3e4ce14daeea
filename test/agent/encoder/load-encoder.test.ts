import { expect, test } from 'vitest';
import { makeBlueprint } from '../../../agent/blueprint.ts';
import { loadEncoder } from '../../../agent/encoder/load-encoder.ts';
import { numbers } from '../engines/engines-at-work.ts';
import { tinyRecipe } from '../tiny.ts';
import { encodeAndLearn, encoderMaterial } from './encoder-at-work.ts';

test.each([
  ['a dense layer of one unit', 16, 1],
  ['a convolution of one filter', 1, 6],
])('what was seen in earlier updates changes no bit: %s', async (_, filters, dense) => {
  const recipe = tinyRecipe(
    {
      convolutions: [
        { filters: 16, size: 8, stride: 4 },
        { filters, size: 4, stride: 1 },
      ],
      ...{ dense, lstm: 8 },
    },
    { height: 40, width: 40 },
  );
  const material = encoderMaterial(recipe, 5);
  const { settings, gradients } = material;
  const blueprint = await makeBlueprint(recipe, 'onnx', { B: 1 });
  const fresh = () => loadEncoder(blueprint, settings.capacity, settings.parameters, gradients);
  const { frameSize } = settings;
  /** Frames of one colour, but for a bar of another and a few pixels. */
  const frames = (seed: string, n: number): Uint8Array => {
    const { integers } = numbers(seed);
    const all = new Uint8Array(n * frameSize);
    for (const [i, bar] of integers(n, 40).entries()) {
      const frame = all.subarray(i * frameSize, (i + 1) * frameSize).fill(7);
      frame.fill(200, bar * 120, (bar + 1) * 120);
      for (const at of integers(3, frameSize)) frame[at] = 90;
    }
    return all;
  };
  const used = await fresh();
  for (let update = 0; update < 3; update++) {
    await encodeAndLearn(used, material, [frames(`${update}`, 9), frames('again', 3)]);
  }
  const batches = [frames('new', 6), frames('again', 3), frames('2', 1)];
  const expected = await encodeAndLearn(await fresh(), material, batches);
  expect(await encodeAndLearn(used, material, batches)).toEqual(expected);
});
