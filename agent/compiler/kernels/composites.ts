import * as tf from '../../tf.ts';
import { isDynamic } from '../graph.ts';

/** A kernel that ONNX has no operation for, written in operations that are translated. */
// biome-ignore lint/suspicious/noExplicitAny: the inputs and attributes of each kernel have a shape of their own
type Composite = (inputs: any, attrs: any) => tf.Tensor;

export const composites: Record<string, Composite> = {
  /** The quotient's arctangent, half a turn further where b < 0; the sign of a zero does not count. */
  Atan2: ({ a, b }) => {
    const turned = tf.where(tf.less(b, 0), tf.where(tf.less(a, 0), -Math.PI, Math.PI), 0);
    const origin = tf.logicalAnd(tf.equal(a, 0), tf.equal(b, 0));
    return tf.where(origin, 0, tf.add(tf.atan(tf.div(a, b)), turned));
  },
  EluGrad: ({ dy, y }) => tf.mul(dy, tf.add(tf.minimum(y, 0), 1)),
  /** eˣ − 1 = tanh(x / 2) (eˣ + 1), which is exact for small x too. */
  Expm1: ({ x }) => tf.mul(tf.tanh(tf.div(x, 2)), tf.add(tf.exp(x), 1)),
  IsFinite: ({ x }) => tf.logicalNot(tf.logicalOr(tf.isInf(x), tf.isNaN(x))),
  /** ln(1 + x) = 2 artanh(x / (2 + x)), which is exact for small x too. */
  Log1p: ({ x }) =>
    tf.where(tf.less(x, 1), tf.mul(tf.atanh(tf.div(x, tf.add(x, 2))), 2), tf.log(tf.add(x, 1))),
  Prelu: ({ x, alpha }) => tf.add(tf.maximum(x, 0), tf.mul(alpha, tf.minimum(x, 0))),
  Relu6: ({ x }) => tf.clipByValue(x, 0, 6),
  FusedBatchNorm: ({ x, mean, variance, offset, scale }, { varianceEpsilon }) => {
    const deviation = tf.rsqrt(tf.add(variance, varianceEpsilon));
    const factor = scale ? tf.mul(deviation, scale) : deviation;
    return tf.add(tf.mul(tf.sub(x, mean), factor), offset ?? 0);
  },

  /** Multiplies each element by the one 1, 2, 4, … places before it, in log₂ n steps. */
  Cumprod: ({ x }, { axis, exclusive, reverse }) => {
    const [length, at] = [x.shape.at(axis), (axis + x.rank) % x.rank];
    const moved = (y: tf.Tensor, places: number): tf.Tensor => {
      const pads = x.shape.map((_: number, i: number) => [i === at ? places : 0, 0]);
      return tf.slice(tf.pad(y, pads, 1), new Array(x.rank).fill(0), x.shape);
    };
    let y = reverse ? tf.reverse(x, at) : x;
    if (exclusive) y = moved(y, 1);
    for (let places = 1; places < length; places *= 2) y = tf.mul(y, moved(y, places));
    return reverse ? tf.reverse(y, at) : y;
  },

  Diag: ({ x }) => {
    const n = x.size;
    if (isDynamic(n)) throw new Error('a diagonal cannot be as long as the dynamic dimension');
    const rows = tf.tile(tf.reshape(x, [1, n]), [n, 1]);
    const diagonal = tf.where(tf.cast(tf.eye(n), 'bool'), rows, tf.zerosLike(rows));
    return tf.reshape(diagonal, [...x.shape, ...x.shape]);
  },
  MirrorPad: ({ x }, { paddings, mode }) =>
    (paddings as [number, number][]).reduce((y, [before, after], axis) => {
      if (before + after === 0) return y;
      const size = x.shape[axis];
      if (isDynamic(size)) throw new Error('the dynamic dimension cannot be padded');
      const edge = mode === 'symmetric' ? 1 : 0;
      const mirrored = Array.from({ length: before + size + after }, (_, i) => {
        const at = i - before;
        return at < 0 ? -at - edge : at < size ? at : 2 * (size - 1) - at + edge;
      });
      return tf.gather(y, tf.tensor1d(mirrored, 'int32'), axis);
    }, x),
  DepthToSpace: ({ x }, { blockSize: size, dataFormat }) => {
    if (dataFormat !== 'NHWC')
      throw new Error(`tf.depthToSpace in ${dataFormat} order has no translation; use NHWC`);
    const [batch, height, width, channels] = x.shape;
    const blocks = [batch, height, width, size, size, channels / size ** 2];
    const spread = tf.transpose(tf.reshape(x, blocks), [0, 1, 3, 2, 4, 5]);
    return tf.reshape(spread, [batch, height * size, width * size, channels / size ** 2]);
  },
  SpaceToBatchND: ({ x }, { blockShape, paddings }) => {
    const pads = x.shape.map((_: number, i: number) => paddings[i - 1] ?? [0, 0]);
    return blocks(tf.pad(x, pads), blockShape, false);
  },
  BatchToSpaceND: ({ x }, { blockShape, crops }) => {
    const whole = blocks(x, blockShape, true);
    const begin = tf.backend_util.getSliceBeginCoords(crops, blockShape.length);
    const size = tf.backend_util.getSliceSize(whole.shape, crops, blockShape.length);
    return tf.slice(whole, begin, size);
  },
};

/** Moves blocks of space into the batch, or out of it again. */
function blocks(x: tf.Tensor, blockShape: number[], fromBatch: boolean): tf.Tensor {
  const { getReshaped, getPermuted, getReshapedPermuted } = tf.backend_util;
  const area = blockShape.reduce((a, b) => a * b, 1);
  const split = getReshaped(x.shape, blockShape, area, fromBatch);
  const moved = tf.transpose(
    tf.reshape(x, split),
    getPermuted(split.length, blockShape.length, fromBatch),
  );
  return tf.reshape(moved, getReshapedPermuted(x.shape, blockShape, area, fromBatch));
}
