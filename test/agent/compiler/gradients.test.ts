import { beforeAll, describe, expect, test } from 'vitest';
import { actorCriticLoss } from '../../../agent/losses.ts';
import { createNetwork } from '../../../agent/network.ts';
import * as tf from '../../../agent/tf.ts';
import { numbers } from '../engines/engines-at-work.ts';
import { tinyRecipe } from '../tiny.ts';

type Inputs = Record<string, readonly number[]>;
type Loss = (inputs: Record<string, tf.Tensor>) => tf.Tensor;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const { floats, integers, bytes } = numbers('gradients');
const drawn = (shape: readonly number[]) =>
  floats(
    shape.reduce((a, b) => a * b, 1),
    -0.9,
    0.9,
  );

/**
 * Holds TensorFlow.js's gradient of a loss against central differences, for up to `most` elements of each input.
 *
 * In float32 a loss of size about 1 is known to about 1e-6 (some tens of roundings of 6e-8), so a difference over 2h = 0.02 is known to
 * about 5e-5; the truncation error is h²/6 = 2e-5 times a third derivative of size about 1. Both together stay below 5e-4 for
 * losses of up to a few units, while a wrong term in a gradient of size about 0.1 to 1 is far above it.
 *
 * Where a rectifier switches within the step, the gradient is that of one side: it lies between the slopes to the left and to the right.
 */
function expectGradients(shapes: Inputs, loss: Loss, { most = 12, rectified = false } = {}): void {
  const h = 0.01;
  const names = Object.keys(shapes);
  const vectors = Object.fromEntries(names.map((name) => [name, drawn(shapes[name]!)]));
  const tensors = () => names.map((name) => tf.tensor(vectors[name]!.slice(), [...shapes[name]!]));
  const scalar = (...values: tf.Tensor[]): tf.Scalar =>
    loss(Object.fromEntries(names.map((name, i) => [name, values[i]!]))) as tf.Scalar;
  const value = (): number => tf.tidy(() => scalar(...tensors()).dataSync()[0]!);
  const gradients = tf.tidy(() =>
    tf
      .grads(scalar)(tensors())
      .map((g) => g.dataSync().slice()),
  );

  let largest = 0;
  for (const [i, name] of names.entries()) {
    const vector = vectors[name]!;
    const stride = Math.max(1, Math.floor(vector.length / most));
    for (let at = 0; at < vector.length; at += stride) {
      const original = vector[at]!;
      const [left, here, right] = [-1, 0, 1].map((sign) => {
        vector[at] = original + sign * h;
        // The step that is taken is the one that float32 can represent.
        return [vector[at]!, value()] as const;
      });
      vector[at] = original;
      const slope = (a = left!, b = right!) => (b[1] - a[1]) / (b[0] - a[0]);
      const slopes = rectified ? [slope(left, here), slope(here, right)] : [slope()];
      const gradient = gradients[i]![at]!;
      largest = Math.max(largest, Math.abs(gradient));
      const tolerance = 5e-4 * Math.max(1, Math.abs(slope()));
      const what = `${name}[${at}]: ${gradient} against ${slopes}`;
      expect(gradient, what).toBeGreaterThan(Math.min(...slopes) - tolerance);
      expect(gradient, what).toBeLessThan(Math.max(...slopes) + tolerance);
    }
  }
  expect(largest, 'gradients large enough to tell').toBeGreaterThan(0.05);
}

describe('TensorFlow.js’s gradients are those of finite differences', () => {
  test('for the loss', () => {
    expectGradients({ logits: [4, 3], values: [4] }, ({ logits, values }) => {
      const { policy, value, entropy } = actorCriticLoss(
        logits as tf.Tensor2D,
        values as tf.Tensor1D,
        tf.tensor1d([2, 0, 1, 0], 'int32'),
        tf.tensor1d([0.5, -1, 2, 0.3]),
        tf.tensor1d([1, 0.2, -0.5, 0.7]),
      );
      return tf.sub(tf.add(policy, tf.mul(value, 0.5)), tf.mul(entropy, 0.7));
    });
  });

  test.each(['baseline', 'nac', 'nac-stateless'] as const)(
    'for the whole network, %s',
    (pathway) => {
      const { config, world } = tinyRecipe({ pathway, steps: 3 });
      const network = createNetwork(config, world);
      const [T, B] = [3, 2];
      const pixels = bytes(B * T * world.height * world.width * world.channels);
      const actions = integers(T * B, world.actions);
      const [advantages, returns] = [floats(T * B), floats(T * B)];
      const instruction = floats(T * B, 0, 3);
      const state = floats(B * network.stateSize);
      const shapes = Object.fromEntries(network.parameters.map(({ name, shape }) => [name, shape]));
      expectGradients(
        shapes,
        (p) => {
          const { height, width, channels } = world;
          const frames = tf.tensor4d([...pixels], [T * B, height, width, channels], 'int32');
          const drives = tf.split(network.encode(p, frames), T) as tf.Tensor2D[];
          const step = (array: Float32Array, t: number, k = 1) =>
            tf.tensor2d(array.slice(t * B * k, (t + 1) * B * k), [B, k]);
          const starts = Float32Array.of(0, 1, 0, 0, 1, 0);
          const steps = [...drives.keys()];
          const output = network.unroll(
            p,
            drives,
            steps.map((t) => step(instruction, t)),
            steps.map((t) => step(starts, t)),
            [tf.tensor2d(state, [B, network.stateSize])],
          );
          const terms = actorCriticLoss(
            output.logits,
            output.value,
            tf.tensor1d(actions, 'int32'),
            tf.tensor1d(advantages),
            tf.tensor1d(returns),
          );
          return tf.div(tf.add(tf.add(terms.policy, terms.value), terms.entropy), T * B);
        },
        { most: 6, rectified: true },
      );
    },
  );
});
