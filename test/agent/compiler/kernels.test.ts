import { describe, expect, test } from 'vitest';
import { kernels } from '../../../agent/compiler/kernels.ts';
import type { Program, TensorSpec } from '../../../agent/compiler/program.ts';
import { trace } from '../../../agent/compiler/trace.ts';
import type { Feeds } from '../../../agent/engines/engine.ts';
import * as tf from '../../../agent/tf.ts';
import { expectClose, numbers, runEverywhere } from '../engines/engines-at-work.ts';

type Shape = TensorSpec['shape'];
type Function = (x: tf.Tensor, y: tf.Tensor, z: tf.Tensor) => tf.Tensor | tf.Tensor[];

interface Case {
  readonly kernel: string;
  readonly shapes: readonly Shape[];
  readonly run: Function;
  /** What the operands are drawn from. */
  readonly draw: 'any' | 'positive' | 'steps' | 'indices' | 'truths';
}

const cases: Case[] = [];
/** A kernel as some operation of TensorFlow.js reaches it, with operands of these shapes. */
function check(
  kernel: string,
  shapes: readonly Shape[],
  run: Function,
  draw: Case['draw'] = 'any',
): void {
  cases.push({ kernel, shapes, run, draw });
}

const matrix: Shape = ['N', 3];
const plain: Shape = [4, 3];
// biome-ignore lint/suspicious/noExplicitAny: the operands of each case are of the rank that its shapes say
type Any = any;
const whole = (x: tf.Tensor) => tf.cast(x, 'int32');
const truth = (x: tf.Tensor) => tf.cast(x, 'bool');

check('Abs', [matrix], (x) => tf.abs(x));
check('Exp', [matrix], (x) => tf.exp(x));
check('Floor', [matrix], (x) => tf.floor(x));
check('Log', [matrix], (x) => tf.log(x), 'positive');
check('Neg', [matrix], (x) => [tf.neg(x), tf.neg(whole(x))]);
check('Relu', [matrix], (x) => tf.relu(x));
check('Round', [matrix], (x) => tf.round(x), 'steps');
check('Sigmoid', [matrix], (x) => tf.sigmoid(x));
check('Sign', [matrix], (x) => tf.sign(x), 'steps');
check('Softplus', [matrix], (x) => tf.softplus(x));
check('Sqrt', [matrix], (x) => tf.sqrt(x), 'positive');
check('Tanh', [matrix], (x) => tf.tanh(x));
check('LogicalNot', [matrix], (x) => tf.logicalNot(truth(x)), 'truths');
check('Square', [matrix], (x) => [tf.square(x), tf.square(whole(x))]);
check('Reciprocal', [matrix], (x) => tf.reciprocal(x), 'positive');
check('Rsqrt', [matrix], (x) => tf.rsqrt(x), 'positive');
check('Step', [matrix], (x) => [tf.step(x), tf.step(x, 0.25)], 'steps');
check('Identity', [matrix], (x) => tf.clone(x));
check('ZerosLike', [matrix], (x) => [tf.zerosLike(x), tf.add(tf.zerosLike(x), x)]);
check('OnesLike', [matrix], (x) => [tf.onesLike(x), tf.sub(tf.onesLike(x), x)]);
check('Fill', [plain], (x) => [tf.fill([2, 3], 1.5), tf.mul(tf.fill([4, 3], 0.1), x)]);
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
check(
  'Maximum',
  [matrix, [3]],
  (x, y) => [tf.maximum(x, y), tf.maximum(whole(x), whole(y))],
  'steps',
);
check('Minimum', [matrix, [3]], (x, y) => [tf.minimum(x, y), tf.minimum(0.5, x)], 'steps');
check('Pow', [matrix, [3]], (x, y) => [tf.pow(x, y), tf.pow(x, 2), tf.pow(0.9, y)], 'positive');
check('Greater', [matrix, [3]], (x, y) => tf.greater(x, y), 'steps');
check('GreaterEqual', [matrix, [3]], (x, y) => tf.greaterEqual(x, y), 'steps');
check('Less', [matrix, [3]], (x, y) => tf.less(x, y), 'steps');
check('LessEqual', [matrix, [3]], (x, y) => tf.lessEqual(x, y), 'steps');
check('Equal', [matrix, [3]], (x, y) => [tf.equal(x, y), tf.equal(whole(x), whole(y))], 'steps');
check('LogicalAnd', [matrix, matrix], (x, y) => tf.logicalAnd(truth(x), truth(y)), 'truths');
check('LogicalOr', [matrix, matrix], (x, y) => tf.logicalOr(truth(x), truth(y)), 'truths');
check('SquaredDifference', [matrix, [3]], (x, y) => tf.squaredDifference(x, y));
check('AddN', [plain, plain, plain], (x, y, z) => [tf.addN([x, y, z]), tf.addN([x])]);
check(
  'Select',
  [matrix, matrix],
  (x, y) => [
    tf.where(tf.greater(x, y), x, y),
    tf.where(tf.greater(x, y), x, tf.zerosLike(x)),
    tf.where(tf.greater(x, y), tf.fill([1, 3], 2), y),
  ],
  'steps',
);
for (const [kernel, reduce] of Object.entries({
  Sum: tf.sum,
  Mean: tf.mean,
  Max: tf.max,
  Min: tf.min,
})) {
  check(kernel, [['N', 3, 2]], (x) => [
    reduce(x),
    reduce(x, 1),
    reduce(x, [0, 2]),
    reduce(x, -1, true),
    reduce(x, []),
    reduce(whole(tf.mul(x, 9)), 1),
  ]);
}
check('Softmax', [matrix], (x) => tf.softmax(x));
check('ArgMax', [matrix], (x) => [tf.argMax(x, 1), tf.argMax(x, -1)], 'steps');
check('Reshape', [['N', 3, 2]], (x) => [
  tf.reshape(x, [-1, 2]),
  tf.reshape(x, [x.shape[0], 6]),
  tf.reshape(tf.reshape(x, [-1]), [-1, 3, 2]),
]);
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
  tf.tile(y, [x.shape[0]!, 2]),
  tf.tile(tf.ones([1, 3]), [4, 1]),
  tf.broadcastTo(y, [2, 4, 3]),
]);
check('PadV2', [['N', 3, 2]], (x) =>
  tf.pad(
    x,
    [
      [0, 0],
      [1, 2],
      [0, 3],
    ],
    1.5,
  ),
);
check('Slice', [['N', 3, 2]], (x) => [
  tf.slice(x, [0, 1, 0], [-1, 2, 1]),
  tf.slice(x, [0, 0, 0], x.shape),
]);
check('Concat', [matrix, ['N', 2]], (x, y) => [tf.concat([x, y], 1), tf.concat([x, x, x], 0)]);
check('Pack', [matrix, matrix], (x, y) => [tf.stack([x, y]), tf.stack([x, y], -1)]);
check('Unpack', [['N', 3, 2]], (x) => [...tf.unstack(x, 1), ...tf.unstack(x, -1)]);
check('SplitV', [['N', 6]], (x) => [...tf.split(x, 3, 1), ...tf.split(x, [1, 2, 3], -1)]);
check(
  'GatherV2',
  [['N', 3], [5]],
  (x, y) => [tf.gather(x, whole(y)), tf.gather(x, whole(y), 1)],
  'indices',
);
check(
  'UnsortedSegmentSum',
  [['N', 3], [5], [5, 2]],
  (x, y, z) => [
    tf.unsortedSegmentSum(z, whole(y) as Any, 4),
    tf.unsortedSegmentSum(z, whole(y) as Any, x.shape[0]!),
  ],
  'indices',
);
check(
  'OneHot',
  [[5]],
  (x) => [tf.oneHot(whole(x), 3), tf.oneHot(whole(x), 3, 2, -1, 'float32')],
  'indices',
);
check('BatchMatMul', [matrix, [3, 2], [2, 3]], (x, y, z) => [
  tf.matMul(x as Any, y as Any),
  tf.matMul(x as Any, z as Any, false, true),
  tf.matMul(x as Any, x as Any, true, false),
  tf.matMul(z as Any, x as Any, false, true),
]);
check(
  'BatchMatMul',
  [
    ['N', 2, 3],
    ['N', 3, 4],
    [1, 2, 3],
  ],
  (x, y, z) => [
    tf.matMul(x as Any, y as Any),
    tf.matMul(x as Any, x as Any, true, false),
    tf.matMul(x as Any, x as Any, false, true),
    tf.matMul(y as Any, x as Any, true, true),
    tf.matMul(tf.reshape(z, [1, 1, 2, 3]) as Any, z as Any, true, false),
  ],
);
const pictures = ['N', 5, 6, 2] as const;
const filters = [3, 2, 2, 3];
check('Conv2D', [pictures, filters], (x, f) => tf.conv2d(x as Any, f as Any, [2, 1], 'same'));
const convolutionGradients = (x: tf.Tensor, f: tf.Tensor) =>
  tf.grads((x, f) => tf.sum(tf.square(tf.conv2d(x as Any, f as Any, [2, 3], 'valid'))))([x, f]);
check('Conv2DBackpropFilter', [pictures, filters], convolutionGradients);
check('Conv2DBackpropInput', [pictures, filters], convolutionGradients);

test('every translated kernel has a case, and only those have', () => {
  const tested = new Set(cases.map(({ kernel }) => kernel));
  expect([...tested].sort()).toEqual(Object.keys(kernels).sort());
});

describe('as on the reference backend:', () => {
  test.each(cases)('$kernel of $shapes', async ({ kernel, shapes, run, draw }) => {
    const names = shapes.map((_, i) => `x${i}`);
    let outputs: string[] = [];
    const signatures: string[] = [];
    const program: Program = {
      name: kernel,
      inputs: Object.fromEntries(
        shapes.map((shape, i) => [names[i]!, { shape, dtype: 'float32' } as const]),
      ),
      get outputs() {
        return outputs;
      },
      run(inputs) {
        const [x, y, z] = names.map((name) => inputs[name]!);
        const results = [run(x!, y!, z!)].flat();
        outputs = results.map((_, i) => `y${i}`);
        signatures.push(results.map(({ dtype, rank }) => `${dtype} of rank ${rank}`).join());
        // Engines give back numbers; which kind they were stands in the signature.
        return Object.fromEntries(results.map((r, i) => [`y${i}`, tf.cast(r, 'float32')]));
      },
    };
    expect(
      calls(kernel, () => trace(program)),
      `is ${kernel} called`,
    ).toBe(true);
    const feeds = [2, 5].map((N) => draws(shapes, N, draw, `${kernel} ${N}`));
    const { cpu, onnx, wasm } = await runEverywhere(program, feeds);
    expect(new Set(signatures).size, signatures.join(' / ')).toBe(1);
    for (const [i, expected] of cpu.entries()) {
      expectClose(onnx[i]!, expected, { what: 'onnx' });
      expectClose(wasm[i]!, expected, { what: 'wasm' });
    }
  });
});

/** Whether a kernel is called while something is done. */
function calls(kernel: string, action: () => void): boolean {
  const translation = kernels[kernel]!;
  let called = false;
  kernels[kernel] = (call) => {
    called = true;
    return translation(call);
  };
  try {
    action();
  } finally {
    kernels[kernel] = translation;
  }
  return called;
}

function draws(shapes: readonly Shape[], N: number, draw: Case['draw'], seed: string): Feeds {
  const { floats, integers } = numbers(seed);
  const feeds = shapes.map((shape, i) => {
    const size = shape.reduce<number>((product, n) => product * (n === 'N' ? N : n), 1);
    // Ties, halves and zeros are where operations that compare or round differ.
    const steps = Float32Array.from(integers(size, 17), (n) => (n - 8) / 4);
    const values = {
      any: floats(size, -2, 2),
      positive: floats(size, 0.1, 2),
      steps,
      indices: Float32Array.from(integers(size, 2)),
      truths: Float32Array.from(integers(size, 2)),
    };
    return [`x${i}`, values[draw]];
  });
  return Object.fromEntries(feeds);
}
