import { DYNAMIC, type Program, type TensorSpec } from '../compiler/program.ts';
import { gradientName } from '../names.ts';
import * as tf from '../tf.ts';
import { convolve } from './convolve.ts';
import { type EncoderShapes, encoderParameters } from './shapes.ts';

const float = (...shape: TensorSpec['shape']): TensorSpec => ({ shape, dtype: 'float32' });

const parameterInputs = (shapes: EncoderShapes): Program['inputs'] =>
  Object.fromEntries(encoderParameters(shapes).map(({ name, shape }) => [name, float(...shape)]));

const pixelInput = ({ frame }: EncoderShapes): TensorSpec => ({
  shape: [DYNAMIC, ...frame],
  dtype: 'uint8',
});

/**
 * A frame's drive, and all that is computed on the way: pixels uint8 [N, h, w, c] → drive [N, driveSize] and
 * the outputs of the `layers`.
 */
export function encodeProgram(shapes: EncoderShapes): Program {
  return {
    name: 'encode',
    inputs: { ...parameterInputs(shapes), pixels: pixelInput(shapes) },
    outputs: [...shapes.layers.map(({ name }) => name), 'drive'],
    run: (inputs) => convolve(shapes, inputs, inputs.pixels as tf.Tensor4D),
  };
}

/**
 * Gradients of the encoder's parameters, given what `encode` made of N frames: pixels uint8 [N, h, w, c], the outputs of the
 * `layers`, driveGradient [N, driveSize]. No frame passes forward again.
 */
export function encodeBackwardProgram(shapes: EncoderShapes): Program {
  const names = encoderParameters(shapes).map(({ name }) => name);
  return {
    name: 'encodeBackward',
    inputs: {
      ...parameterInputs(shapes),
      pixels: pixelInput(shapes),
      ...Object.fromEntries(
        shapes.layers.map(({ name, shape }) => [name, float(DYNAMIC, ...shape)]),
      ),
      driveGradient: float(DYNAMIC, shapes.driveSize),
    },
    outputs: names.map(gradientName),
    run(inputs) {
      const drive = (...values: tf.Tensor[]): tf.Tensor => {
        const parameters = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
        return convolve(shapes, parameters, inputs.pixels as tf.Tensor4D, inputs).drive!;
      };
      const gradients = tf.grads(drive)(
        names.map((name) => inputs[name]!),
        inputs.driveGradient,
      );
      return Object.fromEntries(names.map((name, i) => [gradientName(name), gradients[i]!]));
    },
  };
}
