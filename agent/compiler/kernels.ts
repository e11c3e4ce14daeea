import { type ElementType, type Graph, isDynamic, sameShape, sizeOf, type Value } from './graph.ts';
import { broadcast, reshape, transpose } from './layout.ts';

/** What a TensorFlow.js kernel is called with while it is traced. */
export interface KernelCall {
  graph: Graph;
  inputs: Record<string, Value>;
  /** The inputs of a kernel that takes a list. */
  list: Value[];
  // biome-ignore lint/suspicious/noExplicitAny: each kernel has attributes of its own shape
  attrs: any;
}

export type Kernel = (call: KernelCall) => Value | Value[];

/** TensorFlow.js kernels by name, each as the ONNX nodes that compute the same. */
export const kernels: Record<string, Kernel> = {};

const floatUnary = { Abs: 'Abs', Exp: 'Exp', Floor: 'Floor', Log: 'Log', Neg: 'Neg', Relu: 'Relu' };
const moreUnary = {
  Round: 'Round',
  Sigmoid: 'Sigmoid',
  Sign: 'Sign',
  Softplus: 'Softplus',
  Sqrt: 'Sqrt',
};
for (const [name, op] of Object.entries({
  ...floatUnary,
  ...moreUnary,
  Tanh: 'Tanh',
  LogicalNot: 'Not',
})) {
  kernels[name] = ({ graph, inputs }) => graph.add(op, [inputs.x!], inputs.x!);
}
kernels.Square = ({ graph, inputs }) => broadcast(graph, 'Mul', inputs.x!, inputs.x!);
kernels.Reciprocal = ({ graph, inputs }) => graph.add('Reciprocal', [inputs.x!], inputs.x!);
kernels.Rsqrt = ({ graph, inputs }) =>
  graph.add('Reciprocal', [graph.add('Sqrt', [inputs.x!], inputs.x!)], inputs.x!);
kernels.Step = ({ graph, inputs, attrs }) => {
  const positive = broadcast(graph, 'Greater', inputs.x!, zero(graph, inputs.x!), 'bool');
  if (attrs.alpha === 0) return cast(graph, positive, 'float32');
  const [one, slope] = [graph.scalar(1, 'float32'), graph.scalar(attrs.alpha, 'float32')];
  return graph.add('Where', [positive, one, slope], inputs.x!);
};
kernels.Identity = ({ inputs }) => inputs.x!;
kernels.ZerosLike = ({ graph, inputs }) => graph.full(0, inputs.x!.shape, inputs.x!.dtype);
kernels.OnesLike = ({ graph, inputs }) => graph.full(1, inputs.x!.shape, inputs.x!.dtype);
kernels.Fill = ({ graph, attrs }) => graph.full(attrs.value, attrs.shape, attrs.dtype);
kernels.Cast = ({ graph, inputs, attrs }) => cast(graph, inputs.x!, attrs.dtype);
kernels.ClipByValue = ({ graph, inputs, attrs }) => {
  const limits = [attrs.clipValueMin, attrs.clipValueMax].map((v) =>
    graph.scalar(v, inputs.x!.dtype),
  );
  return graph.add('Clip', [inputs.x!, ...limits], inputs.x!);
};

const binary = {
  Add: 'Add',
  Sub: 'Sub',
  Multiply: 'Mul',
  RealDiv: 'Div',
  Maximum: 'Max',
  Minimum: 'Min',
};
for (const [name, op] of Object.entries({ ...binary, Pow: 'Pow' })) {
  kernels[name] = ({ graph, inputs }) => broadcast(graph, op, inputs.a!, inputs.b!);
}
const comparisons = { Greater: 'Greater', GreaterEqual: 'GreaterOrEqual', Less: 'Less' };
const moreComparisons = {
  LessEqual: 'LessOrEqual',
  Equal: 'Equal',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
};
for (const [name, op] of Object.entries({ ...comparisons, ...moreComparisons })) {
  kernels[name] = ({ graph, inputs }) => broadcast(graph, op, inputs.a!, inputs.b!, 'bool');
}
kernels.SquaredDifference = ({ graph, inputs }) => {
  const difference = broadcast(graph, 'Sub', inputs.a!, inputs.b!);
  return broadcast(graph, 'Mul', difference, difference);
};
kernels.AddN = ({ graph, list }) =>
  list.reduce((sum, value) => broadcast(graph, 'Add', sum, value));
kernels.Select = ({ graph, inputs }) =>
  graph.add('Where', [inputs.condition!, inputs.t!, inputs.e!], inputs.t!);

for (const [name, op] of Object.entries({
  Sum: 'ReduceSum',
  Mean: 'ReduceMean',
  Max: 'ReduceMax',
  Min: 'ReduceMin',
})) {
  kernels[name] = ({ graph, inputs: { x }, attrs }) => {
    // Max calls its axes otherwise; none given are all.
    const given = attrs.axis ?? attrs.reductionIndices ?? x!.shape.map((_, i) => i);
    const axes = listOf(given).map((axis) => positive(axis, x!));
    const kept = x!.shape.map((size, i) => (axes.includes(i) ? 1 : size));
    const operand = name === 'Mean' ? cast(graph, x!, 'float32') : x!;
    // To ONNX, no axes are all of them.
    const reduced =
      axes.length === 0
        ? operand
        : graph.add(
            op,
            [operand, graph.integers(axes)],
            { dtype: operand.dtype, shape: kept },
            { keepdims: 1 },
          );
    return attrs.keepDims
      ? reduced
      : reshape(
          graph,
          reduced,
          kept.filter((_, i) => !axes.includes(i)),
        );
  };
}
kernels.Softmax = ({ graph, inputs, attrs }) =>
  graph.add('Softmax', [inputs.logits!], inputs.logits!, {
    axis: positive(attrs.dim, inputs.logits!),
  });
kernels.ArgMax = ({ graph, inputs: { x }, attrs }) => {
  const axis = positive(attrs.axis, x!);
  const shape = x!.shape.filter((_, i) => i !== axis);
  const index = graph.add('ArgMax', [x!], { dtype: 'int64', shape }, { axis, keepdims: 0 });
  return cast(graph, index, 'int32');
};

kernels.Reshape = ({ graph, inputs, attrs }) =>
  reshape(graph, inputs.x!, inferred(inputs.x!, attrs.shape));
kernels.ExpandDims = ({ graph, inputs: { input }, attrs }) => {
  const axis = attrs.dim < 0 ? attrs.dim + input!.shape.length + 1 : attrs.dim;
  return reshape(graph, input!, input!.shape.toSpliced(axis, 0, 1));
};
kernels.Transpose = ({ graph, inputs, attrs }) => transpose(graph, inputs.x!, attrs.perm);
kernels.Tile = ({ graph, inputs: { x }, attrs }) => {
  const shape = x!.shape.map((size, i) => size * attrs.reps[i]);
  if (x!.uniform !== undefined) return graph.full(x!.uniform, shape, x!.dtype);
  return graph.add('Tile', [x!, graph.sizes(attrs.reps)], { dtype: x!.dtype, shape });
};
kernels.PadV2 = ({ graph, inputs: { x }, attrs }) => {
  const paddings = attrs.paddings as [number, number][];
  if (paddings.some(([before, after], i) => before + after > 0 && isDynamic(x!.shape[i]!)))
    throw new Error('a padding of the dynamic dimension cannot be traced');
  const shape = x!.shape.map((size, i) => size + paddings[i]![0] + paddings[i]![1]);
  const pads = graph.integers([...paddings.map((p) => p[0]), ...paddings.map((p) => p[1])]);
  const fill = graph.scalar(attrs.constantValue, x!.dtype);
  return graph.add('Pad', [x!, pads, fill], { dtype: x!.dtype, shape });
};
kernels.Slice = ({ graph, inputs: { x }, attrs }) => {
  const begin = listOf(attrs.begin);
  const shape = listOf(attrs.size).map((size, i) => (size < 0 ? x!.shape[i]! - begin[i]! : size));
  return slice(graph, x!, begin, shape);
};
kernels.Concat = ({ graph, list, attrs }) => {
  const axis = positive(attrs.axis, list[0]!);
  const dynamic = list.filter((value) => isDynamic(value.shape[axis]!)).length;
  if (dynamic !== 0 && dynamic !== list.length)
    throw new Error('a concatenation of fixed sizes to the dynamic one cannot be traced');
  const length = list.reduce((sum, value) => sum + value.shape[axis]!, 0);
  return graph.add(
    'Concat',
    list,
    { dtype: list[0]!.dtype, shape: list[0]!.shape.with(axis, length) },
    { axis },
  );
};
kernels.Pack = ({ graph, list, attrs }) => {
  const axis = attrs.axis < 0 ? attrs.axis + list[0]!.shape.length + 1 : attrs.axis;
  const shape = list[0]!.shape.toSpliced(axis, 0, 1);
  const parts = list.map((value) => reshape(graph, value, shape));
  return graph.add(
    'Concat',
    parts,
    { dtype: parts[0]!.dtype, shape: shape.with(axis, parts.length) },
    { axis },
  );
};
kernels.Unpack = ({ graph, inputs: { value }, attrs }) => {
  const axis = positive(attrs.axis, value!);
  const parts = split(graph, value!, new Array(value!.shape[axis]!).fill(1), axis);
  return parts.map((part) => reshape(graph, part, value!.shape.toSpliced(axis, 1)));
};
kernels.SplitV = ({ graph, inputs: { x }, attrs }) => {
  const axis = positive(attrs.axis, x!);
  const count = attrs.numOrSizeSplits;
  const sizes = Array.isArray(count) ? count : new Array(count).fill(x!.shape[axis]! / count);
  return split(graph, x!, sizes, axis);
};

kernels.GatherV2 = ({ graph, inputs: { x, indices }, attrs }) => {
  if (attrs.batchDims !== 0) throw new Error('a gather with batch dimensions cannot be traced');
  const axis = positive(attrs.axis, x!);
  const shape = x!.shape.toSpliced(axis, 1, ...indices!.shape);
  return graph.add('Gather', [x!, indices!], { dtype: x!.dtype, shape }, { axis });
};
kernels.UnsortedSegmentSum = ({ graph, inputs: { x, segmentIds }, attrs }) => {
  if (segmentIds!.shape.length !== 1)
    throw new Error('a segment sum over more than the first dimension cannot be traced');
  const zeros = graph.full(0, [attrs.numSegments, ...x!.shape.slice(1)], x!.dtype);
  const rows = reshape(graph, cast(graph, segmentIds!, 'int64'), [x!.shape[0]!, 1]);
  return graph.add('ScatterND', [zeros, rows, x!], zeros, { reduction: 'add' });
};
kernels.OneHot = ({ graph, inputs: { indices }, attrs }) => {
  // ONNX Runtime implements few combinations of types; this is one of them.
  const rows = cast(graph, indices!, 'int64');
  const values = graph.constant(Float32Array.of(attrs.offValue, attrs.onValue), [2], 'float32');
  const shape = [...indices!.shape, attrs.depth];
  const operands = [rows, graph.integers([attrs.depth]), values];
  const hot = graph.add('OneHot', operands, { dtype: 'float32', shape }, { axis: -1 });
  return cast(graph, hot, attrs.dtype);
};
kernels.BatchMatMul = ({ graph, inputs: { a, b }, attrs }) => {
  const [m, k] = attrs.transposeA ? a!.shape.slice(-2).reverse() : a!.shape.slice(-2);
  const n = attrs.transposeB ? b!.shape.at(-2) : b!.shape.at(-1);
  const [batch, other] = [a!.shape.slice(0, -2), b!.shape.slice(0, -2)];
  const single = sizeOf(batch) === 1 && sizeOf(other) === 1;
  if (!sameShape(batch, other) && !single) {
    throw new Error('a matrix product with broadcast batches cannot be traced');
  }
  // One product of matrices is a Gemm, which reads its operands transposed without copying them.
  if (single) {
    const [left, right] = [a!, b!].map((v) => reshape(graph, v, v.shape.slice(-2)));
    const product = graph.add(
      'Gemm',
      [left!, right!],
      { dtype: 'float32', shape: [m!, n!] },
      {
        transA: Number(attrs.transposeA),
        transB: Number(attrs.transposeB),
      },
    );
    return reshape(graph, product, [...(batch.length > other.length ? batch : other), m!, n!]);
  }
  if (k === undefined) throw new Error('a matrix product of vectors cannot be traced');
  const rank = a!.shape.length;
  const swapped = [...Array(rank - 2).keys(), rank - 1, rank - 2];
  const left = attrs.transposeA ? transpose(graph, a!, swapped) : a!;
  const right = attrs.transposeB ? transpose(graph, b!, swapped) : b!;
  return graph.add('MatMul', [left, right], { dtype: 'float32', shape: [...batch, m!, n!] });
};

export function cast(graph: Graph, value: Value, to: ElementType): Value {
  if (value.dtype === to) return value;
  if (value.uniform !== undefined) {
    const { uniform } = value;
    const number =
      to === 'float32' ? uniform : to === 'bool' ? +(uniform !== 0) : Math.trunc(uniform);
    return graph.full(number, value.shape, to);
  }
  const code = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 }[to];
  return graph.add('Cast', [value], { dtype: to, shape: value.shape }, { to: code });
}

export function slice(
  graph: Graph,
  x: Value,
  begin: readonly number[],
  shape: readonly number[],
): Value {
  const axes = x.shape.map((_, i) => i).filter((i) => begin[i] !== 0 || shape[i] !== x.shape[i]);
  if (axes.length === 0) return x;
  if (axes.some((i) => isDynamic(x.shape[i]!)))
    throw new Error('a slice of the dynamic dimension cannot be traced');
  const bounds = [axes.map((i) => begin[i]!), axes.map((i) => begin[i]! + shape[i]!), axes];
  return graph.add('Slice', [x, ...bounds.map((b) => graph.integers(b))], {
    dtype: x.dtype,
    shape,
  });
}

function split(graph: Graph, x: Value, sizes: readonly number[], axis: number): Value[] {
  if (isDynamic(x.shape[axis]!))
    throw new Error('a split of the dynamic dimension cannot be traced');
  if (sizes.length === 1) return [x];
  const like = sizes.map((size) => ({ dtype: x.dtype, shape: x.shape.with(axis, size) }));
  return [...graph.addMany('Split', [x, graph.integers(sizes)], like, { axis })];
}

/** TensorFlow.js lets one size of a target shape be −1. */
function inferred(x: Value, shape: readonly number[]): number[] {
  const known = shape.reduce((product, size) => (size < 0 ? product : product * size), 1);
  return shape.map((size) => (size < 0 ? sizeOf(x.shape) / known : size));
}

const zero = (graph: Graph, like: Value): Value => graph.full(0, like.shape, like.dtype);
const listOf = (value: number | readonly number[]): readonly number[] =>
  typeof value === 'number' ? [value] : value;
const positive = (axis: number, x: Value): number => (axis < 0 ? axis + x.shape.length : axis);
