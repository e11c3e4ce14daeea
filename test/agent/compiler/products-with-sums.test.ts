import { expect, test } from 'vitest';
import { sortedNodes } from '../../../agent/compiler/graph.ts';
import type { Program, TensorSpec } from '../../../agent/compiler/program.ts';
import { trace } from '../../../agent/compiler/trace.ts';
import * as tf from '../../../agent/tf.ts';
import { expectClose, load, numbers } from '../engines/engines-at-work.ts';

const float = (...shape: TensorSpec['shape']): TensorSpec => ({ shape, dtype: 'float32' });

/** A [3, 4] times B [4, 5], and what `run` makes of that and of C. */
const program = (
  shape: readonly number[],
  run: (product: tf.Tensor2D, c: tf.Tensor) => Record<string, tf.Tensor>,
  regroup = true,
): Program => ({
  name: 'sum',
  regroup,
  inputs: { a: float(3, 4), b: float(4, 5), c: float(...shape) },
  outputs: ['sum'],
  run: ({ a, b, c }) => run(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D), c!),
});

const ops = (of: Program): string[] => sortedNodes(trace(of)).map(({ op }) => op);

async function expectSame(of: Program): Promise<void> {
  const { floats } = numbers('sums');
  const c = floats(of.inputs.c!.shape.reduce<number>((size, n) => size * Number(n), 1));
  const feeds = { a: floats(12), b: floats(20), c };
  const [compiled, eager] = [await load('onnx', of), await load('cpu', of)];
  expectClose(await compiled.run(feeds), await eager.run(feeds));
}

test.each([[[3, 5]], [[1, 5]], [[5]]])(
  'a product and C of shape [%s] are one node',
  async (shape) => {
    for (const sum of [
      program(shape, (product, c) => ({ sum: tf.add(product, c) })),
      program(shape, (product, c) => ({ sum: tf.add(c, product) })),
    ]) {
      expect(ops(sum)).toEqual(['Gemm']);
      await expectSame(sum);
    }
  },
);

test('two products and C are two nodes', async () => {
  const sum = program([3, 5], (product, c) => ({
    sum: tf.add(tf.add(product, c), tf.matMul(c as tf.Tensor2D, tf.ones([5, 5]))),
  }));
  expect(ops(sum)).toEqual(['Gemm', 'Gemm']);
  await expectSame(sum);
});

test.each([
  ['C has a column for each row', [3, 1], (product, c) => ({ sum: tf.add(product, c) })],
  [
    'the sum has more rows than the product',
    [2, 3, 5],
    (product, c) => ({ sum: tf.add(product, c) }),
  ],
  [
    'the product itself is used, too',
    [3, 5],
    (product, c) => ({ sum: tf.mul(tf.add(product, c), product) }),
  ],
] as [string, number[], Parameters<typeof program>[1]][])('not where %s', async (_, shape, run) => {
  const sum = program(shape, run);
  expect(ops(sum)).toContain('Add');
  await expectSame(sum);
});

test('nor in a program whose last bits are to stay', () => {
  expect(ops(program([5], (product, c) => ({ sum: tf.add(product, c) }), false))).toEqual([
    'Gemm',
    'Add',
  ]);
});
