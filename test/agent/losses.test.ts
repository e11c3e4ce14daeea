import { beforeAll, describe, expect, test } from 'vitest';
import { rewardPredictionLoss } from '../../agent/losses.ts';
import * as tf from '../../agent/tf.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const loss = (logOdds: number[], rewarded: number[]): number =>
  rewardPredictionLoss(
    tf.tensor2d(logOdds, [logOdds.length, 1]),
    tf.tensor1d(rewarded),
  ).dataSync()[0]!;

describe('reward prediction', () => {
  test('costs −log p of what was', () => {
    const p = 1 / (1 + Math.exp(-0.7));
    expect(loss([0.7], [1])).toBeCloseTo(-Math.log(p), 5);
    expect(loss([0.7, 9], [0, 1])).toBeCloseTo(-Math.log(1 - p), 3);
    expect(loss([0.7, -0.7], [1, 0])).toBeCloseTo(-2 * Math.log(p), 5);
  });

  test('costs nothing where it is unknown what was', () => {
    expect(loss([3, 0.7], [-1, 1])).toBeCloseTo(loss([0.7], [1]), 5);
  });

  test('costs nothing where no step was rewarded', () => {
    expect(loss([0.7, -2], [0, 0])).toBe(0);
  });

  test('is the sum over all events that tell', () => {
    const both = rewardPredictionLoss(tf.tensor2d([[0.7, -1]]), tf.tensor1d([1])).dataSync()[0]!;
    expect(both).toBeCloseTo(loss([0.7], [1]) + loss([-1], [1]), 5);
  });

  test('is finite however sure it was', () => {
    expect(loss([1e4, 1e4], [0, 1])).toBeCloseTo(1e4);
    expect(loss([-1e4, 1e4], [0, 1])).toBe(0);
  });

  test('moves the odds towards what was', () => {
    const gradient = tf.grad((x) =>
      rewardPredictionLoss(x as tf.Tensor2D, tf.tensor1d([1, 0, -1])),
    )(tf.tensor2d([[0.2], [0.2], [0.2]]));
    const [up, down, none] = gradient.dataSync();
    expect(up).toBeLessThan(-0.4);
    expect(down).toBeGreaterThan(0.4);
    expect(none).toBe(0);
  });
});
