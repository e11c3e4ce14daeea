import * as tf from '../../../agent/tf.ts';
import './elementwise-cases.ts';
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

export { cases } from './kernel-case.ts';

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
