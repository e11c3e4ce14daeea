import { DYNAMIC, type Program, type TensorSpec, type Tensors } from '../compiler/program.ts';
import { gradientName } from '../names.ts';
import * as tf from '../tf.ts';
import type { SharedProgramName } from './program-names.ts';
import type { EncoderShapes } from './shapes.ts';

const float = (...shape: TensorSpec['shape']): TensorSpec => ({ shape, dtype: 'float32' });

const sumOfRows = (x: tf.Tensor): tf.Tensor => tf.sum(x, 0);
/** The gradient of relu's input, given that of its output. */
const throughRelu = (output: tf.Tensor, gradient: tf.Tensor): tf.Tensor =>
  tf.mul(gradient, tf.step(output));

/**
 * The encoder layer by layer, each over N distinct rows of what it looks at:
 *
 * - `conv1`, `conv2`, …: rows [N, size · size · channels], uint8 for the first → output [N, filters]
 * - `drive`: rows [N, flat] → dense [N, D], drive [N, driveSize]
 * - the same with `Backward`: rows, what the layer gave, outputGradient or driveGradient → gradients of its parameters and, but
 *   for pixels, rowsGradient
 */
export function sharedProgram(shapes: EncoderShapes, name: SharedProgramName): Program {
  const [, layer, backward] = /^(.*?)(Backward)?$/.exec(name)!;
  if (layer === 'drive') return backward ? driveBackwardProgram(shapes) : driveProgram(shapes);
  const index = Number(layer!.slice('conv'.length)) - 1;
  return backward ? convolutionBackwardProgram(shapes, index) : convolutionProgram(shapes, index);
}

function convolution({ convolutions }: EncoderShapes, layer: number) {
  const { size, inputs, filters } = convolutions[layer]!;
  const name = `conv${layer + 1}`;
  const looks = size * size * inputs;
  const rows: TensorSpec = { shape: [DYNAMIC, looks], dtype: layer === 0 ? 'uint8' : 'float32' };
  return {
    ...{ name, filters, rows },
    filter: `${name}/filter`,
    bias: `${name}/bias`,
    filterMatrix: float(looks, filters),
    /** Pixels are seen as 0..1; it is cheaper to scale what has the filter's size. */
    scaled: (x: tf.Tensor): tf.Tensor => (layer === 0 ? tf.div(x, 255) : x),
  };
}

function convolutionProgram(shapes: EncoderShapes, layer: number): Program {
  const { name, filter, bias, filters, filterMatrix, rows, scaled } = convolution(shapes, layer);
  return {
    name,
    inputs: { [filter]: filterMatrix, [bias]: float(filters), rows },
    outputs: ['output'],
    run(inputs) {
      const x = tf.cast(inputs.rows!, 'float32');
      const y = tf.matMul(x, scaled(inputs[filter]!));
      return { output: tf.relu(tf.add(y, inputs[bias]!)) };
    },
  };
}

function convolutionBackwardProgram(shapes: EncoderShapes, layer: number): Program {
  const { name, filter, bias, filters, filterMatrix, rows, scaled } = convolution(shapes, layer);
  return {
    name: `${name}Backward`,
    inputs: {
      ...(layer > 0 ? { [filter]: filterMatrix } : {}),
      rows,
      output: float(DYNAMIC, filters),
      outputGradient: float(DYNAMIC, filters),
    },
    outputs: [gradientName(filter), gradientName(bias), ...(layer > 0 ? ['rowsGradient'] : [])],
    run(inputs) {
      const gradient = throughRelu(inputs.output!, inputs.outputGradient!);
      const x = tf.cast(inputs.rows!, 'float32');
      const results: Tensors = {
        [gradientName(filter)]: scaled(tf.matMul(x, gradient, true)),
        [gradientName(bias)]: sumOfRows(gradient),
      };
      if (layer > 0) results.rowsGradient = tf.matMul(gradient, inputs[filter]!, false, true);
      return results;
    },
  };
}

function driveProgram({ flat, dense: D, driveSize }: EncoderShapes): Program {
  return {
    name: 'drive',
    inputs: {
      'dense/kernel': float(flat, D),
      'dense/bias': float(D),
      'lstm/frame_kernel': float(D, driveSize),
      'lstm/bias': float(driveSize),
      rows: float(DYNAMIC, flat),
    },
    outputs: ['dense', 'drive'],
    run(inputs) {
      const hidden = tf.matMul(inputs.rows!, inputs['dense/kernel']!);
      const dense = tf.relu(tf.add(hidden, inputs['dense/bias']!));
      const drive = tf.matMul(dense, inputs['lstm/frame_kernel']!);
      return { dense, drive: tf.add(drive, inputs['lstm/bias']!) };
    },
  };
}

function driveBackwardProgram({ flat, dense: D, driveSize }: EncoderShapes): Program {
  return {
    name: 'driveBackward',
    inputs: {
      'dense/kernel': float(flat, D),
      'lstm/frame_kernel': float(D, driveSize),
      rows: float(DYNAMIC, flat),
      dense: float(DYNAMIC, D),
      driveGradient: float(DYNAMIC, driveSize),
    },
    outputs: [
      ...['dense/kernel', 'dense/bias', 'lstm/frame_kernel', 'lstm/bias'].map(gradientName),
      'rowsGradient',
    ],
    run({ rows, dense, driveGradient, ...parameters }) {
      const back = tf.matMul(driveGradient!, parameters['lstm/frame_kernel']!, false, true);
      const gradient = throughRelu(dense!, back);
      return {
        [gradientName('lstm/bias')]: sumOfRows(driveGradient!),
        [gradientName('lstm/frame_kernel')]: tf.matMul(dense!, driveGradient!, true),
        [gradientName('dense/bias')]: sumOfRows(gradient),
        [gradientName('dense/kernel')]: tf.matMul(rows!, gradient, true),
        rowsGradient: tf.matMul(gradient, parameters['dense/kernel']!, false, true),
      };
    },
  };
}
