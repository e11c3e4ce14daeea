import * as tf from '../../../agent/tf.ts';
import {
  type Any,
  check,
  matrix,
  noGradient,
  plain,
  type Shape,
  truth,
  whole,
} from './kernel-case.ts';

export const EDGES = Float32Array.of(
  ...[-Infinity, -1e6, -100, -88, -12, -2.5, -1.5, -1, -0.75, -0.5, -1e-6, 0],
  ...[1e-6, 0.5, 0.75, 1, 1.5, 2.5, 12, 88, 100, 1e6, Infinity, Number.NaN],
);
const PAIRED = [-1e6, -3, -2.5, -1, -1e-6, 0, 1e-6, 0.5, 1, 2, 2.5, 7, 1e6];
/** Every number of a list with every other. */
export const PAIRS = [
  Float32Array.from(PAIRED.flatMap((x) => PAIRED.map(() => x))),
  Float32Array.from(PAIRED.flatMap(() => PAIRED)),
] as const;

const edges: Shape = [EDGES.length];

const unary: Record<string, (x: tf.Tensor) => tf.Tensor | tf.Tensor[]> = {
  ...{ Acos: tf.acos, Acosh: tf.acosh, Asin: tf.asin, Asinh: tf.asinh, Atan: tf.atan },
  ...{ Atanh: tf.atanh, Cos: tf.cos, Cosh: tf.cosh, Exp: tf.exp, Expm1: tf.expm1 },
  ...{ IsFinite: tf.isFinite, IsInf: tf.isInf, IsNan: tf.isNaN, Log: tf.log, Log1p: tf.log1p },
  ...{ Reciprocal: tf.reciprocal, Relu6: tf.relu6, Rsqrt: tf.rsqrt, Sin: tf.sin },
  ...{ Sinh: tf.sinh, Sqrt: tf.sqrt, Tan: tf.tan, Abs: tf.abs, Ceil: tf.ceil, Floor: tf.floor },
  ...{ Relu: tf.relu, Round: tf.round, LeakyRelu: (x) => tf.leakyRelu(x, 0.3) },
};
for (const [kernel, run] of Object.entries(unary)) check(kernel, [edges], run, 'edges');
const approximate: typeof unary = {
  ...{ Elu: tf.elu, Erf: tf.erf, Selu: tf.selu, Sigmoid: tf.sigmoid, Softplus: tf.softplus },
  Tanh: tf.tanh,
};
for (const [kernel, run] of Object.entries(approximate)) {
  check(kernel, [edges], run, 'edges', { absolute: 2e-6 });
}

check('Neg', [matrix], (x) => [tf.neg(x), tf.neg(whole(x))]);
check('Sign', [matrix], (x) => tf.sign(x), 'steps');
check('Round', [matrix], (x) => [tf.round(x), tf.round(tf.mul(x, 2))], 'steps');
check('LogicalNot', [matrix], (x) => tf.logicalNot(truth(x)), 'truths');
check('Square', [matrix], (x) => [tf.square(x), tf.square(whole(x))]);
check('Step', [matrix], (x) => [tf.step(x), tf.step(x, 0.25)], 'steps');
check('Identity', [matrix], (x) => tf.clone(x));
check('ZerosLike', [matrix], (x) => [tf.zerosLike(x), tf.add(tf.zerosLike(x), x)]);
check('OnesLike', [matrix], (x) => [tf.onesLike(x), tf.sub(tf.onesLike(x), x)]);
check('Fill', [plain], (x) => [tf.fill([2, 3], 1.5), tf.mul(tf.fill([4, 3], 0.1), x)]);
check('Range', [plain], () => [tf.range(0, 4), tf.range(5, -2, -3, 'int32'), tf.range(0, 1, 0.1)]);
check('LinSpace', [plain], () => [tf.linspace(-1, 1.5, 7), tf.linspace(3, 4, 1)]);
check(
  'Cast',
  [matrix],
  (x) => [
    whole(x),
    truth(x),
    tf.cast(truth(x), 'float32'),
    tf.cast(tf.cast(tf.fill([2], -1.5), 'int32'), 'float32'),
    tf.cast(tf.cast(tf.fill([2], 0.5), 'bool'), 'float32'),
    tf.cast(tf.greater(x, 0), 'int32'),
  ],
  'steps',
);
check('ClipByValue', [matrix], (x) => [
  tf.clipByValue(x, -0.5, 0.75),
  tf.clipByValue(whole(tf.mul(x, 10)), -5, 7),
]);
for (const [kernel, run] of Object.entries({
  ...{ Exp: tf.exp, Abs: tf.abs, Sign: tf.sign, Round: tf.round },
})) {
  check(kernel, [matrix], (x) => run(tf.add(whole(tf.mul(x, 3)), tf.scalar(9, 'int32'))));
}

const pairs: readonly Shape[] = PAIRS.map(({ length }) => [length]);
const binary: Record<string, (x: Any, y: Any) => tf.Tensor> = {
  ...{ Add: tf.add, Sub: tf.sub, Multiply: tf.mul, RealDiv: tf.div },
  ...{ Mod: tf.mod, Pow: tf.pow, Atan2: tf.atan2 },
  ...{ Equal: tf.equal, NotEqual: tf.notEqual },
  ...{ Greater: tf.greater, GreaterEqual: tf.greaterEqual, Less: tf.less, LessEqual: tf.lessEqual },
  ...{ Maximum: tf.maximum, Minimum: tf.minimum, SquaredDifference: tf.squaredDifference },
  Prelu: tf.prelu,
};
for (const [kernel, run] of Object.entries(binary)) check(kernel, pairs, run, 'pairs');
const integral: typeof binary = {
  FloorDiv: tf.floorDiv,
  Mod: tf.mod,
  Maximum: tf.maximum,
  Equal: tf.equal,
};
for (const [kernel, run] of Object.entries(integral)) {
  check(
    kernel,
    [matrix, [3]],
    (x, y) => run(whole(tf.mul(x, 40)), tf.add(whole(tf.mul(y, 20)), tf.scalar(100, 'int32'))),
    'steps',
  );
}
check('FloorDiv', [matrix, [3]], (x, y) => tf.floorDiv(x, y), 'positive');
check('BitwiseAnd', [matrix], (x) => tf.bitwiseAnd(whole(x), whole(tf.mul(x, 9))), 'steps');
check('Equal', [matrix, matrix], (x, y) => tf.equal(truth(x), truth(y)), 'truths');
check('Less', [matrix, matrix], (x, y) => tf.less(truth(x), truth(y)), 'truths');
check('Add', [matrix, [3]], (x, y) => [
  tf.add(x, y),
  tf.add(x, 0),
  tf.add(x, 1.5),
  tf.add(whole(x), whole(y)),
  tf.add(tf.zeros([1, 3]), y),
  tf.add(tf.add(tf.ones([2, 1]), tf.ones([1, 3])), y),
]);
check('Sub', [matrix, [3]], (x, y) => [tf.sub(x, y), tf.sub(1, x), tf.sub(tf.ones([3]), y)]);
check('Multiply', [matrix, [3]], (x, y) => [
  tf.mul(x, y),
  tf.mul(x, 1),
  tf.mul(0, x),
  tf.mul(x, 2.5),
  tf.mul(tf.ones([2, 3]), y),
  tf.mul(tf.mul(tf.fill([2, 1], 3), tf.ones([1, 3])), y),
]);
check('RealDiv', [matrix, [3]], (x, y) => [tf.div(x, y), tf.div(2, y), tf.div(x, 255)], 'positive');
check('Pow', [matrix, [3]], (x, y) => [tf.pow(x, y), tf.pow(x, 2), tf.pow(0.9, y)], 'positive');
check('LogicalAnd', [matrix, matrix], (x, y) => tf.logicalAnd(truth(x), truth(y)), 'truths');
check('LogicalOr', [matrix, matrix], (x, y) => tf.logicalOr(truth(x), truth(y)), 'truths');
check('AddN', [plain, plain, plain], (x, y, z) => [tf.addN([x, y, z]), tf.addN([x])]);
check(
  'Select',
  [matrix, matrix, [3]],
  (x, y, z) => [
    tf.where(tf.greater(x, y), x, y),
    tf.where(tf.greater(x, y), x, tf.zerosLike(x)),
    tf.where(tf.greater(x, y), tf.fill([1, 3], 2), y),
    tf.where(tf.greater(z, 0), x, 0.5),
    tf.where(tf.greater(x, y), truth(x), truth(y)),
  ],
  'steps',
  noGradient,
);
check(
  'Select',
  [matrix, matrix, [3]],
  (x, y, z) => [tf.where(tf.greater(z, 0), x, y), tf.where(tf.less(z, 1), x, 0.5)],
  'steps',
  { wrt: [0, 1] },
);
