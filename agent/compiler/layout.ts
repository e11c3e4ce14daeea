import {
  type Attribute,
  type ElementType,
  type Graph,
  isDynamic,
  sameShape,
  type Value,
} from './graph.ts';
import { ELEMENT_TYPES } from './onnx.ts';

/** `value` in another shape: no node where the shape is the same, one node for two reshapes in a row. */
export function reshape(graph: Graph, value: Value, shape: readonly number[]): Value {
  if (value.uniform !== undefined) return graph.full(value.uniform, shape, value.dtype);
  const origin = value.producer?.op === 'Reshape' ? value.producer.inputs[0]! : value;
  if (sameShape(origin.shape, shape)) return origin;
  return graph.add('Reshape', [origin, graph.shape(shape)], { dtype: value.dtype, shape });
}

/** A transposition: one node for two in a row, none where they cancel. */
export function transpose(graph: Graph, value: Value, permutation: readonly number[]): Value {
  if (value.uniform !== undefined) {
    return graph.full(
      value.uniform,
      permutation.map((axis) => value.shape[axis]!),
      value.dtype,
    );
  }
  const inner = transposed(value);
  const perm = inner ? permutation.map((axis) => inner.permutation[axis]!) : [...permutation];
  const origin = inner ? inner.origin : value;
  if (perm.every((axis, i) => axis === i)) return origin;
  const shape = perm.map((axis) => origin.shape[axis]!);
  // Moving only dimensions of size one moves no element.
  const moving = perm.filter((axis) => origin.shape[axis] !== 1);
  if (moving.every((axis, i) => i === 0 || axis > moving[i - 1]!))
    return reshape(graph, origin, shape);
  return graph.add('Transpose', [origin], { dtype: value.dtype, shape }, { perm });
}

/** What `value` is the transposition of, if it is one. */
export function transposed(value: Value): { origin: Value; permutation: readonly number[] } | null {
  const node = value.producer;
  if (node?.op !== 'Transpose') return null;
  return { origin: node.inputs[0]!, permutation: node.attributes.perm as readonly number[] };
}

/** A value in another element type. */
export function cast(graph: Graph, value: Value, to: ElementType): Value {
  if (value.dtype === to) return value;
  if (value.uniform !== undefined) {
    const { uniform } = value;
    const isFloat = to === 'float32' || to === 'float64';
    const number = isFloat ? uniform : to === 'bool' ? +(uniform !== 0) : Math.trunc(uniform);
    return graph.full(number, value.shape, to);
  }
  const attributes = { to: ELEMENT_TYPES[to] };
  return graph.add('Cast', [value], { dtype: to, shape: value.shape }, attributes);
}

/**
 * The part of `x` that begins at `begin` and has this shape.
 * @throws Error where it is a part of the dynamic dimension
 */
export function slice(
  graph: Graph,
  x: Value,
  begin: readonly number[],
  shape: readonly number[],
): Value {
  const axes = x.shape.map((_, i) => i).filter((i) => begin[i] !== 0 || shape[i] !== x.shape[i]);
  if (axes.length === 0) return x;
  if (axes.some((i) => isDynamic(x.shape[i]!)))
    throw new Error('the dynamic dimension cannot be sliced');
  const bounds = [axes.map((i) => begin[i]!), axes.map((i) => begin[i]! + shape[i]!), axes];
  const operands = bounds.map((b) => graph.integers(b));
  return graph.add('Slice', [x, ...operands], { dtype: x.dtype, shape });
}

/** Operations computed here where both operands are constants whose elements are all the same. */
const folds: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
};

/** An elementwise operation on two tensors whose shapes broadcast as in NumPy. */
export function broadcast(
  graph: Graph,
  op: string,
  a: Value,
  b: Value,
  dtype: ElementType = a.uniform === undefined ? a.dtype : b.dtype,
  attributes: Record<string, Attribute> = {},
): Value {
  const shape = broadcastShape(a.shape, b.shape);
  const fold = folds[op];
  if (fold && a.uniform !== undefined && b.uniform !== undefined) {
    return graph.full(Math.fround(fold(a.uniform, b.uniform)), shape, dtype);
  }
  const identity = op === 'Mul' ? 1 : op === 'Add' ? 0 : undefined;
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    if (one.uniform === undefined) continue;
    if (one.uniform === identity && sameShape(other.shape, shape)) return other;
    if (op === 'Mul' && one.uniform === 0) return graph.full(0, shape, dtype);
  }
  // A constant whose elements are all the same can be a scalar where the other operand has the full shape.
  const lower = (value: Value, other: Value): Value =>
    value.uniform !== undefined && sameShape(other.shape, shape) && other.uniform === undefined
      ? graph.scalar(value.uniform, value.dtype)
      : value;
  return graph.add(op, [lower(a, b), lower(b, a)], { dtype, shape }, attributes);
}

export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) throw new Error(`shapes [${a}] and [${b}] do not broadcast`);
    return x === 1 ? y : x;
  });
}
