import type { ElementType } from '../graph.ts';
import { cast, reshape } from '../layout.ts';
import { type Kernel, type Kernels, listOf, positive } from './kernel.ts';

/** A reduction over some axes; `type` is what ONNX reduces where that is not the operand's own element type. */
const reduction =
  (op: string, type?: ElementType): Kernel =>
  ({ graph, inputs: { x }, attrs }) => {
    // Max and Min call their axes `reductionIndices`; without axes they reduce all.
    const given = attrs.axis ?? attrs.reductionIndices ?? x.shape.map((_, i) => i);
    const axes = listOf(given).map((axis) => positive(axis, x));
    const kept = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
    const operand = cast(graph, x, type ?? x.dtype);
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
    if (attrs.keepDims) return reduced;
    return reshape(
      graph,
      reduced,
      kept.filter((_, i) => !axes.includes(i)),
    );
  };

/** A reduction of truths. */
const truths =
  (op: string): Kernel =>
  (call) =>
    cast(call.graph, [reduction(op, 'int32')(call)].flat()[0]!, 'bool');

/** The index of the first of the extreme elements along an axis. */
const index =
  (op: string): Kernel =>
  ({ graph, inputs: { x }, attrs }) => {
    const axis = positive(attrs.axis, x);
    const shape = x.shape.filter((_, i) => i !== axis);
    const operand = x.dtype === 'bool' ? cast(graph, x, 'int32') : x;
    const found = graph.add(op, [operand], { dtype: 'int64', shape }, { axis, keepdims: 0 });
    return cast(graph, found, 'int32');
  };

export const reductions: Kernels = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean', 'float32'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  All: truths('ReduceMin'),
  Any: truths('ReduceMax'),
  ArgMax: index('ArgMax'),
  ArgMin: index('ArgMin'),
  Softmax: ({ graph, inputs: { logits }, attrs }) =>
    graph.add('Softmax', [logits], logits, { axis: positive(attrs.dim, logits) }),
  Cumsum: ({ graph, inputs: { x }, attrs: { axis, exclusive, reverse } }) => {
    const at = graph.scalar(positive(axis, x), 'int32');
    const flags = { exclusive: Number(exclusive), reverse: Number(reverse) };
    const operand = x.dtype === 'bool' ? cast(graph, x, 'int32') : x;
    return graph.add('CumSum', [operand, at], operand, flags);
  },
  TopK: ({ graph, inputs: { x }, attrs: { k } }) => {
    const shape = x.shape.with(-1, k);
    const like = [{ dtype: x.dtype, shape }, { dtype: 'int64', shape } as const];
    const [values, indices] = graph.addMany('TopK', [x, graph.integers([k])], like);
    return [values!, cast(graph, indices!, 'int32')];
  },
};
