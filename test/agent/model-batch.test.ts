import { beforeAll, describe, expect, test } from 'vitest';
import { naluCell } from '../../agent/cells/nalu.ts';
import { answerProgram, type BatchedModel, ModelBatch } from '../../agent/model-batch.ts';
import * as tf from '../../agent/tf.ts';
import { COMPARED, numbers, runEverywhere } from './engines/engines-at-work.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const B = 8;
const nalu = naluCell();

/** Copies of a cell that learn a product of two numbers. */
const model = (M: number): BatchedModel => ({
  name: 'product',
  parameters: nalu.parameters('cell', 2, 1),
  inputs: {
    x: { shape: [M, B, 2], dtype: 'float32' },
    y: { shape: [M, B, 1], dtype: 'float32' },
  },
  loss: (parameters, { x, y }) =>
    tf.mean(tf.square(tf.sub(nalu.apply(parameters, 'cell', x!), y!)), [1, 2]) as tf.Tensor1D,
});

const { floats } = numbers('model batch');
/** Numbers of three copies for each of some steps; the last are the first again. */
const batches = Array.from({ length: 12 }, () => [0, 1, 2].map(() => floats(B * 2, 1, 2)));
batches.push(batches[0]!);
const feedsOf = (xs: readonly Float32Array[]) => ({
  x: Float32Array.from(xs.flatMap((x) => [...x])),
  y: Float32Array.from(
    xs.flatMap((x) => Array.from({ length: B }, (_, i) => x[2 * i]! * x[2 * i + 1]!)),
  ),
});

async function trained(
  copies: readonly number[],
  { engine = 'onnx' as (typeof COMPARED)[number], change = (_: ModelBatch) => {} } = {},
) {
  const batch = await ModelBatch.create(model(copies.length), copies, engine);
  change(batch);
  const losses = [];
  for (const xs of batches) {
    losses.push(await batch.step(feedsOf(copies.map((copy) => xs[copy]!)), 0.05));
  }
  const parameters = copies.map((_, i) => batch.copy(i));
  await batch.dispose();
  return { losses, parameters, state: batch.state };
}

const flat = (parameters: Record<string, Float32Array>) =>
  Object.values(parameters).flatMap((values) => [...values]);

describe('a batch of models', () => {
  test.each(COMPARED)('trains each copy as it would be trained alone, on %s', async (engine) => {
    const together = await trained([0, 1, 2], { engine });
    for (const copy of [0, 1, 2]) {
      const alone = await trained([copy], { engine });
      for (const [i, value] of flat(alone.parameters[0]!).entries()) {
        expect(Math.abs(flat(together.parameters[copy]!)[i]! - value)).toBeLessThan(1e-6);
      }
      const [first, last] = [alone.losses[0]![0]!, alone.losses.at(-1)![0]!];
      expect(last).toBeLessThan(first);
    }
  });

  test('keeps a copy that diverges to itself', async () => {
    const whole = await trained([0, 1, 2]);
    const broken = await trained([0, 1, 2], {
      change: (batch) =>
        batch.setCopy(1, { ...batch.copy(1), 'cell/w_hat': Float32Array.of(Number.NaN, 1) }),
    });
    expect(broken.losses.at(-1)![1]).toBeNaN();
    for (const copy of [0, 2]) {
      expect(flat(broken.parameters[copy]!)).toEqual(flat(whole.parameters[copy]!));
    }
  });

  test('resumes from a saved state with the same bits', async () => {
    const whole = await trained([0, 1, 2]);
    const [first, second] = [batches.slice(0, 5), batches.slice(5)];
    const before = await ModelBatch.create(model(3), [0, 1, 2]);
    for (const xs of first) await before.step(feedsOf(xs), 0.05);
    const after = await ModelBatch.create(model(3), [7, 8, 9]);
    after.restore(structuredClone(before.state));
    for (const xs of second) await after.step(feedsOf(xs), 0.05);
    expect(after.state).toEqual(whole.state);
    await Promise.all([before.dispose(), after.dispose()]);
  });

  test('answers with each copy’s own parameters, on every engine', async () => {
    const batch = await ModelBatch.create(model(2), [0, 1]);
    const { parameters: specs } = model(2);
    const program = answerProgram('product', specs, 2, 2, (p, x) => nalu.apply(p, 'cell', x));
    const x = Float32Array.of(1, 2, 3, 4, 5, 6);
    const { parameters } = batch;
    const results = await runEverywhere(program, [{ parameters, x: Float32Array.of(...x, ...x) }]);
    for (const copy of [0, 1]) {
      const alone = tf.tidy(() => {
        const own = Object.entries(batch.copy(copy)).map(([name, values]) => {
          const { shape } = specs.find((spec) => spec.name === name)!;
          return [name, tf.tensor(values, [...shape])];
        });
        return nalu.apply(Object.fromEntries(own), 'cell', tf.tensor2d(x, [3, 2])).dataSync();
      });
      for (const engine of COMPARED) {
        for (const [i, value] of alone.entries()) {
          expect(results[engine][0]!.y![copy * 3 + i]).toBeCloseTo(value, 4);
        }
      }
    }
    await batch.dispose();
  });
});
