import type { ElementType, Value } from '../graph.ts';
import { broadcast, cast } from '../layout.ts';
import type { Kernel, Kernels } from './kernel.ts';

/** An operation of ONNX on any numbers. */
const any =
  (op: string): Kernel =>
  ({ graph, inputs: { x } }) =>
    graph.add(op, [x], x);

/** An operation that ONNX has for floats alone; TensorFlow.js gives its result in the type of `x`, if not in `result`. */
const float =
  (op: string, result?: ElementType): Kernel =>
  ({ graph, inputs: { x } }) => {
    const y = graph.add(op, [cast(graph, x, 'float32')], { dtype: 'float32', shape: x.shape });
    return cast(graph, y, result ?? x.dtype);
  };

/** A property of floats. */
const test =
  (op: string): Kernel =>
  ({ graph, inputs: { x } }) =>
    graph.add(op, [cast(graph, x, 'float32')], { dtype: 'bool', shape: x.shape });

const binary =
  (op: string): Kernel =>
  ({ graph, inputs: { a, b } }) =>
    broadcast(graph, op, a, b);

const logical =
  (op: string): Kernel =>
  ({ graph, inputs: { a, b } }) =>
    broadcast(graph, op, a, b, 'bool');

/** A comparison; ONNX compares numbers, not truths. */
const comparison =
  (op: string): Kernel =>
  ({ graph, inputs }) => {
    const [a, b] = [inputs.a, inputs.b].map((v) =>
      v.dtype === 'bool' ? cast(graph, v, 'int32') : v,
    );
    return broadcast(graph, op, a!, b!, 'bool');
  };
const equal = comparison('Equal');

export const elementwise: Kernels = {
  Abs: any('Abs'),
  Neg: any('Neg'),
  Relu: any('Relu'),
  Sign: any('Sign'),

  Acos: float('Acos'),
  Acosh: float('Acosh'),
  Asin: float('Asin'),
  Asinh: float('Asinh'),
  Atan: float('Atan'),
  Atanh: float('Atanh'),
  Ceil: float('Ceil'),
  Cos: float('Cos'),
  Cosh: float('Cosh'),
  Elu: float('Elu'),
  Erf: float('Erf'),
  Exp: float('Exp', 'float32'),
  Floor: float('Floor'),
  Log: float('Log'),
  Reciprocal: float('Reciprocal'),
  Round: float('Round'),
  Selu: float('Selu'),
  Sigmoid: float('Sigmoid'),
  Sin: float('Sin'),
  Sinh: float('Sinh'),
  Softplus: float('Softplus'),
  Sqrt: float('Sqrt'),
  Tan: float('Tan'),
  Tanh: float('Tanh'),

  IsNan: test('IsNaN'),
  IsInf: test('IsInf'),
  LogicalNot: ({ graph, inputs: { x } }) => graph.add('Not', [x], x),

  Add: binary('Add'),
  BitwiseAnd: binary('BitwiseAnd'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Multiply: binary('Mul'),
  Pow: binary('Pow'),
  RealDiv: binary('Div'),
  Sub: binary('Sub'),

  Equal: equal,
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  NotEqual: (call) => {
    const same = equal(call) as Value;
    return call.graph.add('Not', [same], same);
  },

  AddN: ({ graph, list }) => list.reduce((sum, value) => broadcast(graph, 'Add', sum, value)),
  Square: ({ graph, inputs: { x } }) => broadcast(graph, 'Mul', x, x),
  SquaredDifference: ({ graph, inputs: { a, b } }) => {
    const difference = broadcast(graph, 'Sub', a, b);
    return broadcast(graph, 'Mul', difference, difference);
  },
  Rsqrt: ({ graph, inputs: { x } }) => graph.add('Reciprocal', [graph.add('Sqrt', [x], x)], x),
  LeakyRelu: ({ graph, inputs: { x }, attrs: { alpha } }) =>
    graph.add(
      'LeakyRelu',
      [cast(graph, x, 'float32')],
      { dtype: 'float32', shape: x.shape },
      { alpha },
    ),
  ClipByValue: ({ graph, inputs: { x }, attrs }) => {
    const limits = [attrs.clipValueMin, attrs.clipValueMax].map((v) => graph.scalar(v, x.dtype));
    return graph.add('Clip', [x, ...limits], x);
  },
  Step: ({ graph, inputs: { x }, attrs }) => {
    const positive = broadcast(graph, 'Greater', x, graph.full(0, x.shape, x.dtype), 'bool');
    if (attrs.alpha === 0) return cast(graph, positive, 'float32');
    const [one, slope] = [graph.scalar(1, 'float32'), graph.scalar(attrs.alpha, 'float32')];
    return graph.add('Where', [positive, one, slope], x);
  },
  FloorDiv: ({ graph, inputs: { a, b } }) => {
    // In float64 the quotient of any two 32-bit numbers falls on the right side of a whole number.
    const [x, y] = [cast(graph, a, 'float64'), cast(graph, b, 'float64')];
    const quotient = broadcast(graph, 'Div', x, y);
    return cast(graph, graph.add('Floor', [quotient], quotient), 'int32');
  },
  Mod: ({ graph, inputs: { a, b } }) => {
    // ONNX's remainder has the sign of `a`, TensorFlow.js's that of `b`.
    const rest = broadcast(graph, 'Mod', a, b, a.dtype, { fmod: 1 });
    const zero = graph.full(0, [], a.dtype);
    const [below, negative] = [rest, b].map((v) => broadcast(graph, 'Less', v, zero, 'bool'));
    const sameSign = broadcast(graph, 'Equal', below!, negative!, 'bool');
    const none = broadcast(graph, 'Equal', rest, zero, 'bool');
    const right = broadcast(graph, 'Or', sameSign, none);
    return graph.add('Where', [right, rest, broadcast(graph, 'Add', rest, b)], rest);
  },
  Select: ({ graph, inputs: { condition, t, e } }) => {
    if (t.dtype !== 'bool') return graph.add('Where', [condition, t, e], t);
    const [yes, no] = [cast(graph, t, 'int32'), cast(graph, e, 'int32')];
    return cast(graph, graph.add('Where', [condition, yes, no], yes), 'bool');
  },

  Identity: ({ inputs: { x } }) => x,
  Cast: ({ graph, inputs: { x }, attrs }) => cast(graph, x, attrs.dtype),
  ZerosLike: ({ graph, inputs: { x } }) => graph.full(0, x.shape, x.dtype),
  OnesLike: ({ graph, inputs: { x } }) => graph.full(1, x.shape, x.dtype),
};
