import { beforeAll, expect, test } from 'vitest';
import { denseOverPictures, keptSize } from '../../../agent/layers/several-pictures.ts';
import * as tf from '../../../agent/tf.ts';
import { numbers } from '../engines/engines-at-work.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const [BATCH, INPUTS, UNITS, STEPS] = [2, 5, 4, 7];

function layer(pictures: number) {
  const { floats } = numbers('several pictures');
  const drawn = (rows: number, columns: number) =>
    tf.tensor2d(floats(rows * columns), [rows, columns]);
  return {
    shown: Array.from({ length: STEPS }, () => drawn(BATCH, INPUTS)),
    kernels: Array.from({ length: pictures }, () => drawn(INPUTS, UNITS)),
    bias: tf.tensor1d(floats(UNITS)),
    nothing: tf.zeros([BATCH, keptSize(pictures, UNITS)]) as tf.Tensor2D,
  };
}

test.each([2, 3, 4])(
  'sees the newest of %i pictures and how it differs from those before, none from another episode',
  (pictures) => {
    const { shown, kernels, bias, nothing } = layer(pictures);
    // The second row's episode starts later.
    const starts = [0, 3];
    let kept = nothing;
    for (const [t, picture] of shown.entries()) {
      const rows = starts.map((start, b) => {
        const at = (step: number) => tf.slice(shown[Math.max(start, step)]!, [b, 0], [1, -1]);
        const newest = tf.slice(picture, [b, 0], [1, -1]);
        return kernels
          .map((kernel, age) => tf.matMul(age === 0 ? newest : tf.sub(at(t - age), newest), kernel))
          .reduce((sum, one) => tf.add(sum, one));
      });
      const expected = tf.relu(tf.add(tf.concat(rows, 0), bias)).dataSync();
      const going = tf.tensor2d(starts.map((start) => [t === start ? 0 : 1]));
      const products = tf.matMul(picture, tf.concat(kernels, 1)) as tf.Tensor2D;
      const step = denseOverPictures(products, tf.mul(kept, going), bias);
      kept = step.kept;
      const counts = starts.map((start, b) => (t >= start ? b * UNITS : -1));
      for (const from of counts.filter((from) => from >= 0)) {
        for (let i = from; i < from + UNITS; i++) {
          expect(step.dense.dataSync()[i]).toBeCloseTo(expected[i]!, 5);
        }
      }
    }
  },
);

test.each([2, 3, 4])(
  'what sees changes between %i pictures learns nothing from a picture that stays',
  (pictures) => {
    const { shown, kernels, bias, nothing } = layer(pictures);
    const sumOf = (weights: tf.Tensor): tf.Tensor => {
      let kept = nothing;
      let sum = tf.scalar(0);
      for (let t = 0; t < STEPS; t++) {
        const step = denseOverPictures(tf.matMul(shown[0]!, weights as tf.Tensor2D), kept, bias);
        kept = step.kept;
        sum = tf.add(sum, tf.sum(step.dense));
      }
      return sum;
    };
    const gradient = tf.grad(sumOf)(tf.concat(kernels, 1));
    const [newest, earlier] = tf.split(gradient, [UNITS, (pictures - 1) * UNITS], 1);
    expect(Math.max(...tf.abs(newest!).dataSync())).toBeGreaterThan(0.1);
    expect(Math.max(...tf.abs(earlier!).dataSync())).toBeLessThan(1e-5);
  },
);
