import { type Graph, isDynamic, type Value } from '../graph.ts';
import { cast, reshape } from '../layout.ts';
import { type Kernels, positive } from './kernel.ts';

/** Adds each update to, or writes it over, what `onto` has at its index. */
function scatter(graph: Graph, onto: Value, indices: Value, updates: Value, add: boolean): Value {
  const operands = [onto, cast(graph, indices, 'int64'), updates];
  return graph.add('ScatterND', operands, onto, add ? { reduction: 'add' } : {});
}

export const indexing: Kernels = {
  GatherV2: ({ graph, inputs: { x, indices }, attrs }) => {
    const [axis, batchDims] = [positive(attrs.axis, x), attrs.batchDims];
    const shape = x.shape.toSpliced(axis, 1, ...indices.shape.slice(batchDims));
    if (batchDims === 0) {
      return graph.add('Gather', [x, indices], { dtype: x.dtype, shape }, { axis });
    }
    if (axis !== batchDims)
      throw new Error(
        'tf.gather with batch dimensions works only along the axis after them; transpose its operand first',
      );
    const rows = reshape(graph, cast(graph, indices, 'int64'), [...indices.shape, 1]);
    const batch = { batch_dims: batchDims };
    return graph.add('GatherND', [x, rows], { dtype: x.dtype, shape }, batch);
  },
  GatherNd: ({ graph, inputs: { params, indices } }) => {
    const depth = indices.shape.at(-1)!;
    const shape = [...indices.shape.slice(0, -1), ...params.shape.slice(depth)];
    const rows = cast(graph, indices, 'int64');
    return graph.add('GatherND', [params, rows], { dtype: params.dtype, shape });
  },
  ScatterNd: ({ graph, inputs: { indices, updates }, attrs }) =>
    scatter(graph, graph.full(0, attrs.shape, updates.dtype), indices, updates, true),
  TensorScatterUpdate: ({ graph, inputs: { tensor, indices, updates } }) =>
    scatter(graph, tensor, indices, updates, false),
  UnsortedSegmentSum: ({ graph, inputs: { x, segmentIds }, attrs }) => {
    if (segmentIds.shape.length !== 1)
      throw new Error(
        'tf.unsortedSegmentSum works only along the first dimension; reshape its operand first',
      );
    const zeros = graph.full(0, [attrs.numSegments, ...x.shape.slice(1)], x.dtype);
    const rows = reshape(graph, cast(graph, segmentIds, 'int64'), [x.shape[0]!, 1]);
    return scatter(graph, zeros, rows, x, true);
  },
  OneHot: ({ graph, inputs: { indices }, attrs }) => {
    if (isDynamic(attrs.depth))
      throw new Error('a one-hot vector cannot be as long as the dynamic dimension');
    // ONNX Runtime implements few combinations of types; this is one of them.
    const rows = cast(graph, indices, 'int64');
    const values = graph.constant(Float32Array.of(attrs.offValue, attrs.onValue), [2], 'float32');
    const shape = [...indices.shape, attrs.depth];
    const operands = [rows, graph.integers([attrs.depth]), values];
    const hot = graph.add('OneHot', operands, { dtype: 'float32', shape }, { axis: -1 });
    return cast(graph, hot, attrs.dtype);
  },
};
