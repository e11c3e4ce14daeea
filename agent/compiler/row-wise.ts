import type { Node, Value } from './graph.ts';

/**
 * What a node that treats the rows of its operands (along the first axis) one by one does with an operand:
 * - `rows`: row i of the result depends on row i of the operand
 * - `broadcast`: the same, or one row serves all
 * - `beside`: the same, or rows that are all equal
 * - `whole`: every row of the result may depend on all of it
 * - `shape`: it says what shape the result has
 */
export type Use = 'rows' | 'broadcast' | 'beside' | 'whole' | 'shape';

const numbers = ({ data }: Value): number[] | null => (data ? Array.from(data, Number) : null);

/** What only some attributes or operands make row-wise. */
type Rule = (node: Node) => readonly Use[] | false;

const first =
  (holds: (node: Node) => boolean): Rule =>
  (node) =>
    holds(node) && node.inputs.map((_, i) => (i === 0 ? 'rows' : 'whole'));

const alongLaterAxis = first(({ attributes }) => Number(attributes.axis) >= 1);
/** The constant operand at this place names axes, none of which is the first. */
const namesLaterAxes = (at: number): Rule =>
  first(({ inputs }) => numbers(inputs[at]!)?.every((axis) => axis >= 1) ?? false);
const reduction = namesLaterAxes(1);

const rules: Readonly<Record<string, Rule>> = {
  ArgMax: alongLaterAxis,
  ArgMin: alongLaterAxis,
  Softmax: alongLaterAxis,
  Split: alongLaterAxis,
  ReduceMax: reduction,
  ReduceMean: reduction,
  ReduceMin: reduction,
  ReduceProd: reduction,
  ReduceSum: reduction,
  CumSum: reduction,
  Slice: namesLaterAxes(3),
  Tile: first(({ inputs }) => numbers(inputs[1]!)?.[0] === 1),
  TopK: first(({ inputs }) => inputs[0]!.shape.length > 1),
  Transpose: first(({ attributes }) => (attributes.perm as number[])[0] === 0),
  Pad: first(({ inputs }) => {
    const pads = numbers(inputs[1]!);
    return pads?.[0] === 0 && pads[pads.length / 2] === 0;
  }),
  Clip: first(() => true),
  Conv: first(() => true),
  ConvTranspose: first(() => true),
  OneHot: first(() => true),

  Concat: ({ attributes, inputs }) => Number(attributes.axis) >= 1 && inputs.map(() => 'beside'),
  Expand: ({ inputs, outputs }) =>
    inputs[0]!.shape.length === outputs[0]!.shape.length && ['rows', 'shape'],
  // The elements of a part lie next to each other, in whatever shape.
  Reshape: first(() => true),

  Gather: ({ attributes }) => (attributes.axis === 0 ? ['whole', 'rows'] : ['rows', 'whole']),
  GatherND: ({ attributes, inputs }) => {
    if (Number(attributes.batch_dims ?? 0) > 0) return ['rows', 'rows'];
    return inputs[1]!.shape.length > 1 && ['whole', 'rows'];
  },
  Gemm: ({ attributes, inputs }) =>
    !attributes.transA && (['rows', 'whole', 'broadcast'] as const).slice(0, inputs.length),
  MatMul: ({ inputs }) => {
    const [left, right] = inputs.map(({ shape }) => shape.length) as [number, number];
    if (left > 2 && left === right) return ['broadcast', 'broadcast'];
    return left >= 2 && right <= left && ['rows', 'whole'];
  },
};

const ELEMENTWISE = new Set([
  ...['Abs', 'Acos', 'Acosh', 'Add', 'And', 'Asin', 'Asinh', 'Atan', 'Atanh', 'BitwiseAnd'],
  ...['Cast', 'Ceil', 'Cos', 'Cosh', 'Div', 'Elu', 'Equal', 'Erf', 'Exp', 'Floor', 'Greater'],
  ...['GreaterOrEqual', 'Identity', 'IsInf', 'IsNaN', 'LeakyRelu', 'Less', 'LessOrEqual', 'Log'],
  ...['Max', 'Min', 'Mod', 'Mul', 'Neg', 'Not', 'Or', 'Pow', 'Reciprocal', 'Relu', 'Round'],
  ...['Selu', 'Sigmoid', 'Sign', 'Sin', 'Sinh', 'Softplus', 'Sqrt', 'Sub', 'Tan', 'Tanh'],
  'Where',
]);

/** How the node uses each of its operands if it works row by row; null if it does not. */
export function usesOf(node: Node): readonly Use[] | null {
  if (ELEMENTWISE.has(node.op)) return node.inputs.map(() => 'broadcast');
  return rules[node.op]?.(node) || null;
}
