import { beforeAll, describe, expect, test } from 'vitest';
import { nac, nacParameters, nacWeights } from '../../../agent/cells/nac.ts';
import * as tf from '../../../agent/tf.ts';
import '../engines/engines-at-work.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const values = (run: () => tf.Tensor): number[] => [...tf.tidy(() => run().dataSync())];

describe('a neural accumulator', () => {
  test('has the weights W = tanh(Ŵ) ⊙ σ(M̂)', () => {
    const weights = values(() =>
      nacWeights(
        tf.tensor2d([
          [0.5, -1],
          [2, 0],
        ]),
        tf.tensor2d([
          [0, 1],
          [-2, 3],
        ]),
      ),
    );
    // tanh(½)·σ(0), tanh(−1)·σ(1), tanh(2)·σ(−2), tanh(0)·σ(3)
    const expected = [0.23105858, -0.55677, 0.1149149, 0];
    for (const [i, weight] of weights.entries()) expect(weight).toBeCloseTo(expected[i]!, 6);
  });

  test('multiplies its inputs by them', () => {
    const [sum] = values(() =>
      nac(tf.tensor2d([[4, 10]]), tf.tensor2d([[0.5], [2]]), tf.tensor2d([[0], [-2]])),
    );
    expect(sum).toBeCloseTo(4 * 0.23105858 + 10 * 0.1149149, 5);
  });

  test('has no bias: nothing in, nothing out', () => {
    const [wHat, mHat] = [
      [
        [0.3, -2],
        [1, 5],
      ],
      [
        [-1, 0.5],
        [2, 7],
      ],
    ];
    expect(values(() => nac(tf.zeros([3, 2]), tf.tensor2d(wHat!), tf.tensor2d(mHat!)))).toEqual(
      new Array(6).fill(0),
    );
    const inputs = ['t', '1', 'n1', 'n2'];
    const cell = { name: 'n', inputs, outputs: ['n1', 'n2'], keeps: 'outputs' } as const;
    for (const { shape } of nacParameters(cell)) expect(shape).toEqual([4, 2]);
  });

  test('adds, subtracts and ignores exactly where its weights are saturated', () => {
    const x = tf.tensor2d([
      [1_234_567, 89, 5],
      [-7, 3, 1],
    ]);
    const wHat = tf.tensor2d([
      [50, -50],
      [50, 50],
      [50, 50],
    ]);
    const mHat = tf.tensor2d([
      [200, 200],
      [200, 200],
      [-200, -200],
    ]);
    expect(values(() => nac(x, wHat, mHat))).toEqual([1_234_656, -1_234_478, -4, 10]);
    tf.dispose([x, wHat, mHat]);
  });
});
