import type { Tensors } from '../compiler/program.ts';
import { precomputedRelu } from '../layers/precomputed.ts';
import * as tf from '../tf.ts';
import type { EncoderShapes } from './shapes.ts';

/**
 * The encoder over whole frames.
 * @param pixels int32 [frames, height, width, channels] of 0..255
 * @param known the layers' outputs as an earlier pass over these frames gave them with the same parameters; gradients then need no second one
 * @returns the drive, [frames, driveSize], and the output of each of the `layers` by its name, [frames, …]
 */
export function convolve(
  { convolutions, flat, pictures }: EncoderShapes,
  parameters: Tensors,
  pixels: tf.Tensor4D,
  known?: Tensors,
): Tensors {
  const all: Tensors = {};
  const relu = (name: string, x: tf.Tensor): tf.Tensor => {
    all[name] = known ? precomputedRelu(known[name]!, x) : tf.relu(x);
    return all[name];
  };
  let x: tf.Tensor = tf.cast(pixels, 'float32');
  for (const [i, { stride }] of convolutions.entries()) {
    const name = `conv${i + 1}`;
    let filter = parameters[`${name}/filter`] as tf.Tensor4D;
    // Pixels are seen as 0..1; it is cheaper to scale the filter than every pixel.
    if (i === 0) filter = tf.div(filter, 255);
    const y = tf.conv2d(x as tf.Tensor4D, filter, stride, 'valid');
    x = relu(name, tf.add(y, parameters[`${name}/bias`]!));
  }
  const rows: tf.Tensor2D = tf.reshape(x, [x.shape[0]!, flat]);
  const products = tf.matMul(rows, parameters['dense/kernel']!);
  if (pictures > 1) return { ...all, drive: products };
  const dense = relu('dense', tf.add(products, parameters['dense/bias']!));
  const drive = tf.matMul(dense, parameters['lstm/frame_kernel']!);
  all.drive = tf.add(drive, parameters['lstm/bias']!);
  return all;
}
