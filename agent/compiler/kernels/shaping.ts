import { slice_util, type TensorInfo } from '../../tf.ts';
import { type ElementType, type Graph, isDynamic, sizeOf, type Value } from '../graph.ts';
import { reshape, slice, transpose } from '../layout.ts';
import { type Kernels, listOf, positive } from './kernel.ts';

/** Past the end of any axis, in either direction. */
const END = 2 ** 31 - 1;

export const shaping: Kernels = {
  Fill: ({ graph, attrs }) => graph.full(attrs.value, attrs.shape, attrs.dtype),
  Range: ({ graph, attrs: { start, stop, step, dtype } }) => {
    const length = Math.max(0, Math.ceil((stop - start) / step));
    return ramp(graph, start, step, length, dtype);
  },
  LinSpace: ({ graph, attrs: { start, stop, num } }) =>
    ramp(graph, start, num > 1 ? (stop - start) / (num - 1) : 0, num, 'float32'),

  Reshape: ({ graph, inputs: { x }, attrs }) => reshape(graph, x, inferred(x, attrs.shape)),
  ExpandDims: ({ graph, inputs: { input }, attrs }) => {
    const axis = attrs.dim < 0 ? attrs.dim + input.shape.length + 1 : attrs.dim;
    return reshape(graph, input, input.shape.toSpliced(axis, 0, 1));
  },
  Transpose: ({ graph, inputs: { x }, attrs }) => transpose(graph, x, attrs.perm),
  Tile: ({ graph, inputs: { x }, attrs }) => {
    const shape = x.shape.map((size, i) => size * attrs.reps[i]);
    if (x.uniform !== undefined) return graph.full(x.uniform, shape, x.dtype);
    return graph.add('Tile', [x, graph.sizes(attrs.reps)], { dtype: x.dtype, shape });
  },
  PadV2: ({ graph, inputs: { x }, attrs }) => {
    const paddings = attrs.paddings as [number, number][];
    if (paddings.some(([before, after], i) => before + after > 0 && isDynamic(x.shape[i]!)))
      throw new Error('the dynamic dimension cannot be padded');
    const shape = x.shape.map((size, i) => size + paddings[i]![0] + paddings[i]![1]);
    const pads = graph.integers([...paddings.map((p) => p[0]), ...paddings.map((p) => p[1])]);
    const fill = graph.scalar(attrs.constantValue, x.dtype);
    return graph.add('Pad', [x, pads, fill], { dtype: x.dtype, shape });
  },
  Reverse: ({ graph, inputs: { x }, attrs }) => {
    const given = attrs.dims ?? x.shape.map((_, i) => i);
    const axes = listOf(given).map((axis) => positive(axis, x));
    if (axes.length === 0) return x;
    const bounds = [axes.map(() => -1), axes.map(() => -END), axes, axes.map(() => -1)];
    return graph.add('Slice', [x, ...bounds.map((b) => graph.integers(b))], x);
  },

  Slice: ({ graph, inputs: { x }, attrs }) => {
    const whole = { shape: [...x.shape] } as TensorInfo;
    const [begin, size] = slice_util.parseSliceParams(whole, attrs.begin, attrs.size);
    return slice(graph, x, begin!, size!);
  },
  StridedSlice: ({ graph, inputs: { x }, attrs }) => {
    const { begin, end, strides, finalShape } = slice_util.sliceInfo(
      [...x.shape],
      attrs.begin,
      attrs.end,
      attrs.strides,
      attrs.beginMask,
      attrs.endMask,
      attrs.ellipsisMask,
      attrs.newAxisMask,
      attrs.shrinkAxisMask,
    );
    const axes = x.shape
      .map((_, i) => i)
      .filter((i) => begin[i] !== 0 || end[i] !== x.shape[i] || strides[i] !== 1);
    if (axes.some((i) => isDynamic(x.shape[i]!)))
      throw new Error('the dynamic dimension cannot be sliced');
    // An end before the first element is negative, which ONNX would count from the last one.
    const ends = axes.map((i) => (end[i]! < 0 ? -END : end[i]!));
    const bounds = [axes.map((i) => begin[i]!), ends, axes, axes.map((i) => strides[i]!)];
    const operands = bounds.map((b) => graph.integers(b));
    const shape = begin.map((first, i) => Math.max(0, Math.ceil((end[i]! - first) / strides[i]!)));
    const sliced = graph.add('Slice', [x, ...operands], { dtype: x.dtype, shape });
    return reshape(graph, sliced, finalShape);
  },
  Concat: ({ graph, list, attrs }) => {
    const axis = positive(attrs.axis, list[0]!);
    const dynamic = list.filter((value) => isDynamic(value.shape[axis]!)).length;
    if (dynamic !== 0 && dynamic !== list.length)
      throw new Error('the dynamic dimension cannot be concatenated with one of fixed size');
    return concat(graph, list, axis);
  },
  Pack: ({ graph, list, attrs }) => {
    const axis = attrs.axis < 0 ? attrs.axis + list[0]!.shape.length + 1 : attrs.axis;
    const shape = list[0]!.shape.toSpliced(axis, 0, 1);
    const parts = list.map((value) => reshape(graph, value, shape));
    return concat(graph, parts, axis);
  },
  Unpack: ({ graph, inputs: { value }, attrs }) => {
    const axis = positive(attrs.axis, value);
    const parts = split(graph, value, new Array(value.shape[axis]!).fill(1), axis);
    return parts.map((part) => reshape(graph, part, value.shape.toSpliced(axis, 1)));
  },
  SplitV: ({ graph, inputs: { x }, attrs }) => {
    const axis = positive(attrs.axis, x);
    const count = attrs.numOrSizeSplits;
    const sizes = Array.isArray(count) ? count : new Array(count).fill(x.shape[axis]! / count);
    return split(graph, x, sizes, axis);
  },
};

function concat(graph: Graph, parts: readonly Value[], axis: number): Value {
  const length = parts.reduce((sum, value) => sum + value.shape[axis]!, 0);
  const { dtype, shape } = parts[0]!;
  return graph.add('Concat', parts, { dtype, shape: shape.with(axis, length) }, { axis });
}

function split(graph: Graph, x: Value, sizes: readonly number[], axis: number): Value[] {
  if (isDynamic(x.shape[axis]!)) throw new Error('the dynamic dimension cannot be split');
  if (sizes.length === 1) return [x];
  const like = sizes.map((size) => ({ dtype: x.dtype, shape: x.shape.with(axis, size) }));
  return [...graph.addMany('Split', [x, graph.integers(sizes)], like, { axis })];
}

/** A constant vector of evenly spaced numbers, added up as TensorFlow.js does. */
function ramp(
  graph: Graph,
  start: number,
  step: number,
  length: number,
  dtype: ElementType,
): Value {
  if (isDynamic(length)) throw new Error('a range cannot end at the size of the dynamic dimension');
  const numbers = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
  for (let i = 0; i < length; i++) numbers[i] = i === 0 ? start : numbers[i - 1]! + step;
  return graph.constant(numbers, [length], dtype);
}

/** A target shape with its −1, which TensorFlow.js allows once, replaced by what is left. */
function inferred(x: Value, shape: readonly number[]): number[] {
  const known = shape.reduce((product, size) => (size < 0 ? product : product * size), 1);
  return shape.map((size) => (size < 0 ? sizeOf(x.shape) / known : size));
}
