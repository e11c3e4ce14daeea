import {
  DYNAMIC,
  DYNAMIC_BELOW,
  type Program,
  type TensorSpec,
  type Tensors,
} from '../compiler/program.ts';
import { gradientName } from '../names.ts';
import * as tf from '../tf.ts';
import type { SharedProgramName } from './program-names.ts';
import type { EncoderShapes } from './shapes.ts';

const float = (...shape: TensorSpec['shape']): TensorSpec => ({ shape, dtype: 'float32' });

/** What N rows of a layer look at: places among M rows of the layer below, [N, looks]. */
const inputsFromBelow = (looks: number, width: number): Record<'below' | 'looks', TensorSpec> => ({
  below: float(DYNAMIC_BELOW, width),
  looks: { shape: [DYNAMIC, looks], dtype: 'int32' },
});
/** @returns [N, looks · width] */
function lookedAt({ below, looks }: Tensors): tf.Tensor2D {
  const [[n, count], width] = [looks!.shape as [number, number], below!.shape[1]!];
  return tf.reshape(tf.gather(below!, looks as tf.Tensor2D), [n, count * width]);
}
/** The reverse: sums the gradients of what rows look at, [N, looks · width], over all that look at a row below. @returns [M, width] */
function sumBelow(gradient: tf.Tensor, { below, looks }: Tensors): tf.Tensor {
  const [[n, count], width] = [looks!.shape as [number, number], below!.shape[1]!];
  return tf.scatterND(
    tf.reshape(looks!, [n * count, 1]),
    tf.reshape(gradient, [n * count, width]),
    below!.shape,
  );
}

const sumOfRows = (x: tf.Tensor): tf.Tensor => tf.sum(x, 0);
/** The gradient of relu's input, given that of its output. */
const throughRelu = (output: tf.Tensor, gradient: tf.Tensor): tf.Tensor =>
  tf.mul(gradient, tf.step(output));

/**
 * The encoder layer by layer, each over N distinct rows of what it looks at. The first looks at pixels, uint8
 * rows [N, size · size · channels]; the others at rows of what the layer below gave, below [M, width], at the places looks [N, count]:
 *
 * - `conv1`, `conv2`, … → output [N, filters]
 * - `drive` → dense [N, D], drive [N, driveSize]; where the dense layer sees several pictures, drive alone, products with its weights
 * - the same with `Backward`, which also get what the layer gave, and outputGradient or driveGradient → gradients of its parameters
 *   and, but for pixels, belowGradient [M, width]
 */
export function sharedProgram(shapes: EncoderShapes, name: SharedProgramName): Program {
  const [, layer, backward] = /^(.*?)(Backward)?$/.exec(name)!;
  if (layer === 'drive') {
    if (shapes.pictures > 1)
      return backward ? productsBackwardProgram(shapes) : productsProgram(shapes);
    return backward ? driveBackwardProgram(shapes) : driveProgram(shapes);
  }
  const index = Number(layer!.slice('conv'.length)) - 1;
  return backward ? convolutionBackwardProgram(shapes, index) : convolutionProgram(shapes, index);
}

function convolution({ convolutions }: EncoderShapes, layer: number) {
  const { size, inputs, filters } = convolutions[layer]!;
  const name = `conv${layer + 1}`;
  const looks = size * size * inputs;
  const pixels: TensorSpec = { shape: [DYNAMIC, looks], dtype: 'uint8' };
  return {
    ...{ name, filters },
    seen: layer === 0 ? { rows: pixels } : inputsFromBelow(size * size, inputs),
    rowsOf: (given: Tensors): tf.Tensor =>
      layer === 0 ? tf.cast(given.rows!, 'float32') : lookedAt(given),
    filter: `${name}/filter`,
    bias: `${name}/bias`,
    filterMatrix: float(looks, filters),
    /** Pixels are seen as 0..1; it is cheaper to scale what has the filter's size. */
    scaled: (x: tf.Tensor): tf.Tensor => (layer === 0 ? tf.div(x, 255) : x),
  };
}

function convolutionProgram(shapes: EncoderShapes, layer: number): Program {
  const { name, filter, bias, filters, filterMatrix, seen, rowsOf, scaled } = convolution(
    shapes,
    layer,
  );
  return {
    name,
    inputs: { [filter]: filterMatrix, [bias]: float(filters), ...seen },
    outputs: ['output'],
    run(inputs) {
      const y = tf.matMul(rowsOf(inputs), scaled(inputs[filter]!));
      return { output: tf.relu(tf.add(y, inputs[bias]!)) };
    },
  };
}

function convolutionBackwardProgram(shapes: EncoderShapes, layer: number): Program {
  const { name, filter, bias, filters, filterMatrix, seen, rowsOf, scaled } = convolution(
    shapes,
    layer,
  );
  return {
    name: `${name}Backward`,
    inputs: {
      ...(layer > 0 ? { [filter]: filterMatrix } : {}),
      ...seen,
      output: float(DYNAMIC, filters),
      outputGradient: float(DYNAMIC, filters),
    },
    outputs: [gradientName(filter), gradientName(bias), ...(layer > 0 ? ['belowGradient'] : [])],
    run(inputs) {
      const gradient = throughRelu(inputs.output!, inputs.outputGradient!);
      const results: Tensors = {
        [gradientName(filter)]: scaled(tf.matMul(rowsOf(inputs), gradient, true)),
        [gradientName(bias)]: sumOfRows(gradient),
      };
      if (layer > 0) {
        const back = tf.matMul(gradient, inputs[filter]!, false, true);
        results.belowGradient = sumBelow(back, inputs);
      }
      return results;
    },
  };
}

/** What the dense layer looks at. */
function convolved({ convolutions, flat }: EncoderShapes) {
  const { filters } = convolutions.at(-1)!;
  return inputsFromBelow(flat / filters, filters);
}

function driveProgram(shapes: EncoderShapes): Program {
  const { flat, dense: D, driveSize } = shapes;
  return {
    name: 'drive',
    inputs: {
      'dense/kernel': float(flat, D),
      'dense/bias': float(D),
      'lstm/frame_kernel': float(D, driveSize),
      'lstm/bias': float(driveSize),
      ...convolved(shapes),
    },
    outputs: ['dense', 'drive'],
    run(inputs) {
      const hidden = tf.matMul(lookedAt(inputs), inputs['dense/kernel']!);
      const dense = tf.relu(tf.add(hidden, inputs['dense/bias']!));
      const drive = tf.matMul(dense, inputs['lstm/frame_kernel']!);
      return { dense, drive: tf.add(drive, inputs['lstm/bias']!) };
    },
  };
}

function driveBackwardProgram(shapes: EncoderShapes): Program {
  const { flat, dense: D, driveSize } = shapes;
  return {
    name: 'driveBackward',
    inputs: {
      'dense/kernel': float(flat, D),
      'lstm/frame_kernel': float(D, driveSize),
      ...convolved(shapes),
      dense: float(DYNAMIC, D),
      driveGradient: float(DYNAMIC, driveSize),
    },
    outputs: [
      ...['dense/kernel', 'dense/bias', 'lstm/frame_kernel', 'lstm/bias'].map(gradientName),
      'belowGradient',
    ],
    run(inputs) {
      const { dense, driveGradient } = inputs;
      const back = tf.matMul(driveGradient!, inputs['lstm/frame_kernel']!, false, true);
      const gradient = throughRelu(dense!, back);
      return {
        [gradientName('lstm/bias')]: sumOfRows(driveGradient!),
        [gradientName('lstm/frame_kernel')]: tf.matMul(dense!, driveGradient!, true),
        [gradientName('dense/bias')]: sumOfRows(gradient),
        [gradientName('dense/kernel')]: tf.matMul(lookedAt(inputs), gradient, true),
        belowGradient: sumBelow(tf.matMul(gradient, inputs['dense/kernel']!, false, true), inputs),
      };
    },
  };
}

function productsProgram(shapes: EncoderShapes): Program {
  const { flat, driveSize } = shapes;
  return {
    name: 'drive',
    inputs: { 'dense/kernel': float(flat, driveSize), ...convolved(shapes) },
    outputs: ['drive'],
    run: (inputs) => ({ drive: tf.matMul(lookedAt(inputs), inputs['dense/kernel']!) }),
  };
}

function productsBackwardProgram(shapes: EncoderShapes): Program {
  const { flat, driveSize } = shapes;
  return {
    name: 'driveBackward',
    inputs: {
      'dense/kernel': float(flat, driveSize),
      ...convolved(shapes),
      driveGradient: float(DYNAMIC, driveSize),
    },
    outputs: [gradientName('dense/kernel'), 'belowGradient'],
    run(inputs) {
      const gradient = inputs.driveGradient!;
      return {
        [gradientName('dense/kernel')]: tf.matMul(lookedAt(inputs), gradient, true),
        belowGradient: sumBelow(tf.matMul(gradient, inputs['dense/kernel']!, false, true), inputs),
      };
    },
  };
}
