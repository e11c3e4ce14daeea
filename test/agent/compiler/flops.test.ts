import { describe, expect, test } from 'vitest';
import { compile } from '../../../agent/compiler/compile.ts';
import { type Flops, flopsAt } from '../../../agent/compiler/flops.ts';
import type { TensorSpec } from '../../../agent/compiler/program.ts';
import * as tf from '../../../agent/tf.ts';

const float = (...shape: TensorSpec['shape']): TensorSpec => ({ shape, dtype: 'float32' });

/** What a program of one output computes. */
const flopsOf = (
  inputs: Record<string, TensorSpec>,
  // biome-ignore lint/suspicious/noExplicitAny: each program has tensors of its own ranks
  run: (inputs: any) => tf.Tensor,
): Flops => compile({ name: 'counted', inputs, outputs: ['y'], run: (x) => ({ y: run(x) }) }).flops;

describe('a program computes', () => {
  test.each<[string, Flops, Parameters<typeof flopsOf>]>([
    [
      'a product of fixed matrices: 2 · m · k · n',
      [2 * 5 * 3 * 4],
      [{ a: float(5, 3), b: float(3, 4) }, ({ a, b }) => tf.matMul(a, b)],
    ],
    [
      'a product of N rows, a sum and a ReLU: 2 · 3 · 4 + 4 + 4 a row',
      [0, 2 * 3 * 4 + 4 + 4],
      [
        { a: float('N', 3), b: float(3, 4), c: float(4) },
        ({ a, b, c }) => tf.relu(tf.add(tf.matMul(a, b), c)),
      ],
    ],
    [
      'a product over N rows, of which the left is transposed, and a square that has no N',
      [3 * 4, 2 * 3 * 4],
      [
        { a: float('N', 3), b: float('N', 4) },
        ({ a, b }) => tf.square(tf.matMul(a, b, true, false)),
      ],
    ],
    [
      'the sum of the products of every row with every other: (2 · 3 + 1) · N²',
      [0, 0, 2 * 3 + 1],
      [{ a: float('N', 3), b: float('N', 3) }, ({ a, b }) => tf.sum(tf.matMul(a, b, false, true))],
    ],
    [
      'six products at once',
      [2 * 6 * 2 * 3 * 4],
      [{ a: float(6, 2, 3), b: float(6, 3, 4) }, ({ a, b }) => tf.matMul(a, b)],
    ],
    [
      'products that Einstein would write',
      [2 * 2 * 3 * 4],
      [{ a: float(2, 3), b: float(3, 4) }, ({ a, b }) => tf.einsum('ij,jk->ik', a, b)],
    ],
    [
      'a convolution of 7 × 7 pixels in 3 channels by 5 filters of 3 × 3 in steps of 2: 3 × 3 places',
      [0, 2 * (3 * 3 * 5) * (3 * 3 * 3)],
      [{ x: float('N', 7, 7, 3), w: float(3, 3, 3, 5) }, ({ x, w }) => tf.conv2d(x, w, 2, 'valid')],
    ],
    [
      'elementwise operations, broadcast, and none for what only moves',
      [2 * 12],
      [
        { a: float(3, 4), b: float(4) },
        ({ a, b }) => tf.reshape(tf.transpose(tf.tanh(tf.mul(a, b))), [2, 6]),
      ],
    ],
    [
      'a sum along an axis: one for each element that it reads',
      [0, 5],
      [{ x: float('N', 5) }, ({ x }) => tf.sum(x, 1)],
    ],
    [
      'sums of rows by an index: one for each element that it adds',
      [6 * 2],
      [
        { x: float(6, 2), index: { shape: [6], dtype: 'int32' } },
        ({ x, index }) => tf.unsortedSegmentSum(x, index, 3),
      ],
    ],
  ])('%s', (_, expected, given) => {
    expect(flopsOf(...given)).toEqual(expected);
  });

  test('as much for a convolution’s gradients, each, as for itself', () => {
    const inputs = { x: float('N', 7, 7, 3), w: float(3, 3, 3, 5), dy: float('N', 3, 3, 5) };
    const forward = 2 * (3 * 3 * 5) * (3 * 3 * 3);
    const conv = (x: tf.Tensor, w: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'valid');
    const byInput = flopsOf(inputs, ({ x, w, dy }) => tf.grads(conv)([x, w], dy)[0]!);
    const byFilter = flopsOf(inputs, ({ x, w, dy }) => tf.grads(conv)([x, w], dy)[1]!);
    expect(byInput).toEqual([0, forward]);
    expect(byFilter).toEqual([0, forward]);
  });
});

test.each<[Flops, number | undefined, number]>([
  [[7], undefined, 7],
  [[7], 100, 7],
  [[7, 3], 10, 37],
  [[7, 3, 2], 10, 237],
])('%j at N = %s is %i', (flops, size, expected) => {
  expect(flopsAt(flops, size)).toBe(expected);
});
