import type { TensorSpec } from '../../../agent/compiler/program.ts';
import * as tf from '../../../agent/tf.ts';

type Shape = TensorSpec['shape'];
/** What operands are drawn from; `edges` and `pairs` are the numbers where operations differ or break. */
export type Draw = 'any' | 'positive' | 'steps' | 'indices' | 'truths' | 'edges' | 'pairs';

/** A kernel as some operation of TensorFlow.js reaches it, with operands of these shapes. */
export interface Case {
  readonly kernel: string;
  readonly shapes: readonly Shape[];
  readonly draw: Draw;
  run(...operands: Any[]): tf.Tensor | tf.Tensor[];
  /** The largest difference where the expected value is small; approximations of ONNX Runtime have one. */
  readonly absolute: number;
  /** The operands that TensorFlow.js has a gradient for; all where left out. */
  readonly wrt?: readonly number[];
}

// biome-ignore lint/suspicious/noExplicitAny: the operands of each case are of the rank that its shapes say
type Any = any;

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

export const cases: Case[] = [];
function check(
  kernel: string,
  shapes: readonly Shape[],
  run: Case['run'],
  draw: Draw = 'any',
  options: Partial<Case> = {},
): void {
  cases.push({ kernel, shapes, run, draw, absolute: 1e-9, ...options });
}
const noGradient = { wrt: [] };

const matrix: Shape = ['N', 3];
const plain: Shape = [4, 3];
const edges: Shape = [EDGES.length];
const whole = (x: tf.Tensor) => tf.cast(x, 'int32');
const truth = (x: tf.Tensor) => tf.cast(x, 'bool');

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

for (const [kernel, reduce] of Object.entries({
  ...{ Sum: tf.sum, Mean: tf.mean, Max: tf.max, Min: tf.min, Prod: tf.prod },
})) {
  check(kernel, [['N', 3, 2]], (x) => [
    reduce(x, 1),
    reduce(x, 2, true),
    reduce(whole(tf.mul(x, 9)), 1),
  ]);
  check(kernel, [['N', 3]], (x) => [reduce(x, []), reduce(x, -1)], 'any', noGradient);
  check(kernel, [[4, 3, 2]], (x) => [reduce(x), reduce(x, [0, 2])]);
}
for (const [kernel, reduce] of Object.entries({ All: tf.all, Any: tf.any })) {
  check(
    kernel,
    [['N', 3, 2]],
    (x) => [reduce(truth(x)), reduce(truth(x), [1, 2]), reduce(truth(x), 1, true)],
    'truths',
  );
}
check('ArgMax', [matrix], (x) => [tf.argMax(x, 1), tf.argMax(x, -1)], 'steps');
check('ArgMin', [matrix], (x) => [tf.argMin(x, 1), tf.argMin(whole(x), -1)], 'steps');
check('Softmax', [matrix], (x) => tf.softmax(x));
for (const [kernel, run] of Object.entries({ Cumsum: tf.cumsum, Cumprod: tf.cumprod })) {
  check(kernel, [['N', 3, 5]], (x) => [
    run(x, 2),
    run(x, 2, true),
    run(x, 2, false, true),
    run(x, 2, true, true),
    run(whole(tf.mul(x, 3)), 2),
  ]);
  check(kernel, [['N', 3, 5]], (x) => [run(x, 1), run(x, 1, true, true)], 'any', noGradient);
}
check('TopK', [['N', 5]], (x) => {
  const { values, indices } = tf.topk(x, 3);
  return [values, indices];
});

check('Reshape', [['N', 3, 2]], (x) => [
  tf.reshape(x, [-1, 2]),
  tf.reshape(x, [x.shape[0], 6]),
  tf.reshape(tf.reshape(x, [-1]), [-1, 3, 2]),
]);
check('Reshape', [[4, 1, 3]], (x) => [tf.squeeze(x), tf.squeeze(x, [1])]);
check('ExpandDims', [matrix], (x) => [tf.expandDims(x, 0), tf.expandDims(x, -1)]);
check('Transpose', [['N', 3, 1, 2]], (x) => [
  tf.transpose(x, [1, 0, 3, 2]),
  tf.transpose(x, [0, 2, 1, 3]),
  tf.transpose(tf.transpose(x, [3, 1, 0, 2]), [2, 1, 3, 0]),
  tf.transpose(tf.transpose(x, [1, 0, 3, 2]), [0, 3, 2, 1]),
  tf.transpose(x),
]);
check('Tile', [matrix, [1, 3]], (x, y) => [
  tf.tile(x, [2, 1]),
  tf.tile(y, [x.shape[0], 2]),
  tf.tile(tf.ones([1, 3]), [4, 1]),
  tf.broadcastTo(y, [2, 4, 3]),
]);
const padding: [number, number][] = [
  [0, 0],
  [1, 2],
  [0, 3],
];
check('PadV2', [['N', 3, 2]], (x) => tf.pad(x, padding, 1.5));
check('MirrorPad', [['N', 4, 4]], (x) => [
  tf.mirrorPad(x, padding, 'reflect'),
  tf.mirrorPad(x, padding, 'symmetric'),
]);
check('Reverse', [['N', 3, 2]], (x) => [tf.reverse(x), tf.reverse(x, 1), tf.reverse(x, [0, -1])]);
check('Slice', [['N', 3, 2]], (x) => [
  tf.slice(x, [0, 1, 0], [-1, 2, 1]),
  tf.slice(x, [0, 0, 0], x.shape),
]);
check('StridedSlice', [[5, 6, 2]], (x) => [
  tf.stridedSlice(x, [0, 1], [5, 6], [2, 2]),
  tf.stridedSlice(x, [4, -1], [0, 0], [-2, -1], 0, 2),
  tf.stridedSlice(x, [1, 0, 0], [2, 6, 2], [1, 1, 1], 0, 0, 0, 0, 1),
]);
check('StridedSlice', [['N', 6]], (x) => tf.stridedSlice(x, [0, 5], [0, 0], [1, -2], 0, 1));
check('Concat', [matrix, ['N', 2]], (x, y) => [tf.concat([x, y], 1), tf.concat([x, x, x], 0)]);
check('Concat', [matrix], (x) => tf.concat([truth(x), truth(x)], 1), 'truths');
check('Pack', [matrix, matrix], (x, y) => [tf.stack([x, y]), tf.stack([x, y], -1)]);
check('Unpack', [['N', 3, 2]], (x) => [...tf.unstack(x, 1), ...tf.unstack(x, -1)]);
check('SplitV', [['N', 6]], (x) => [...tf.split(x, 3, 1), ...tf.split(x, [1, 2, 3], -1)]);
check('DepthToSpace', [['N', 2, 3, 8]], (x) => tf.depthToSpace(x, 2));
const crops = [
  [0, 1],
  [1, 0],
];
check('SpaceToBatchND', [['N', 3, 3, 2]], (x) => tf.spaceToBatchND(x, [2, 2], crops));
check('BatchToSpaceND', [[8, 2, 3, 1]], (x) => tf.batchToSpaceND(x, [2, 2], crops));
check('Diag', [[3]], (x) => tf.diag(x));
check('Diag', [[2, 2]], (x) => tf.diag(whole(tf.mul(x, 9))));

check(
  'GatherV2',
  [['N', 3], [5]],
  (x, y) => [tf.gather(x, whole(y)), tf.gather(x, whole(y), 1)],
  'indices',
  { wrt: [0] },
);
check(
  'GatherV2',
  [
    [4, 3, 2],
    [4, 5],
  ],
  (x, y) => tf.gather(x, whole(y) as tf.Tensor1D, 1, 1),
  'indices',
  { wrt: [0] },
);
check(
  'GatherNd',
  [
    ['N', 3, 2],
    [5, 2],
  ],
  (x, y) => tf.gatherND(x, whole(y)),
  'indices',
);
check(
  'ScatterNd',
  [
    [5, 1],
    [5, 2],
  ],
  (x, y) => [tf.scatterND(whole(x), y, [4, 2]), tf.scatterND(whole(x), whole(y), [4, 2])],
  'indices',
);
check(
  'TensorScatterUpdate',
  [
    ['N', 2],
    [1, 2],
  ],
  (x, y) => tf.tensorScatterUpdate(x, tf.tensor2d([[1]], [1, 1], 'int32'), y),
  'indices',
);
check(
  'UnsortedSegmentSum',
  [['N', 3], [5], [5, 2]],
  (x, y, z) => [
    tf.unsortedSegmentSum(z, whole(y) as tf.Tensor1D, 4),
    tf.unsortedSegmentSum(z, whole(y) as tf.Tensor1D, x.shape[0]),
  ],
  'indices',
  { wrt: [2] },
);
check(
  'OneHot',
  [[5]],
  (x) => [tf.oneHot(whole(x), 3), tf.oneHot(whole(x), 3, 2, -1, 'float32')],
  'indices',
);

check('BatchMatMul', [matrix, [3, 2], [2, 3]], (x, y, z) => [
  tf.matMul(x, y),
  tf.matMul(x, z, false, true),
  tf.matMul(x, x, true, false),
  tf.matMul(z, x, false, true),
]);
check(
  'BatchMatMul',
  [
    ['N', 2, 3],
    ['N', 3, 4],
  ],
  (x, y) => [
    tf.matMul(x, y),
    tf.matMul(x, x, true, false),
    tf.matMul(x, x, false, true),
    tf.matMul(y, x, true, true),
  ],
);
check(
  'BatchMatMul',
  [
    ['N', 2, 3],
    [3, 4],
    [1, 2, 3],
  ],
  (x, y, z) => [
    tf.matMul(x, y),
    tf.matMul(y, x, true, true),
    tf.matMul(tf.reshape(z, [1, 1, 2, 3]), z, true, false),
  ],
  'any',
  noGradient,
);
check('Einsum', [matrix, [3, 2]], (x, y) => [
  tf.einsum('ij,jk->ik', x, y),
  tf.einsum('ij, jk -> ki', x, y),
  tf.einsum('ij->j', x),
]);
const normed: readonly Shape[] = [['N', 2, 2, 3], [3], [3]];
check('FusedBatchNorm', normed, (x, y, z) => tf.batchNorm(x, y, tf.square(z), z, y));
check('FusedBatchNorm', normed, (x, y, z) => tf.batchNorm(x, y, z), 'positive', noGradient);
check('EluGrad', [plain], (x) => tf.grad((v: tf.Tensor) => tf.elu(v))(x));
const pictures = ['N', 5, 6, 2] as const;
const filters = [3, 2, 2, 3];
check('Conv2D', [pictures, filters], (x, f) => tf.conv2d(x, f, [2, 1], 'same'), 'any', {
  absolute: 1e-5,
});
const convolved = (x: tf.Tensor, f: tf.Tensor) =>
  tf.grads((x: Any, f: Any) => tf.sum(tf.square(tf.conv2d(x, f, [2, 3], 'valid'))))([x, f]);
const sums = { absolute: 1e-5 };
check('Conv2DBackpropFilter', [pictures, filters], convolved, 'any', { ...sums, ...noGradient });
check('Conv2DBackpropInput', [pictures, filters], convolved, 'any', { ...sums, ...noGradient });
check(
  'Conv2DBackpropInput',
  [[4, 5, 6, 3], filters],
  (x, f) => tf.conv2dTranspose(x, f, [4, 10, 6, 2], [2, 1], 'same'),
  'any',
  sums,
);
