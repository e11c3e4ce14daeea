import { beforeAll, describe, expect, test } from 'vitest';
import { ModelBatch } from '../../../agent/model-batch.ts';
import { initialise, layoutOf, views } from '../../../agent/parameters.ts';
import * as tf from '../../../agent/tf.ts';
import { drawDigits } from '../../../src/numeracy/digits/digit-data.ts';
import { evaluateCopy } from '../../../src/numeracy/digits/evaluate-digits.ts';
import {
  batchOf,
  digitModel,
  ENCODING,
  encode,
  parametersOf,
} from '../../../src/numeracy/digits/model.ts';
import { recurrentCell, recurrentCells } from '../../../src/numeracy/digits/recurrent-cells.ts';
import { trainDigits } from '../../../src/numeracy/digits/train-digits.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const digits = drawDigits(60, 'test of models');
const settings = { iterations: 4, learningRate: 0.01, shortest: 1, longest: 3, each: 1 } as const;

async function trained(
  seeds: readonly number[],
  choice: { readonly question: 'count' | 'sum'; readonly cell: string },
  planted?: number,
) {
  const training = await trainDigits(digits, { seeds, ...settings, ...choice });
  if (planted !== undefined) {
    const saved = training.save();
    const { shape } = parametersOf(choice)[0]!;
    saved.parameters![planted * shape.reduce((a, b) => a * b, 1)] = Number.NaN;
    training.restore(saved);
  }
  for (let i = 0; i < training.steps; i += 1) await training.step(i);
  const { parameters } = training.save();
  await training.dispose();
  return seeds.map((_, m) => copyOf(parameters!, choice, seeds.length, m));
}

/** The parameters of copy m of M. */
function copyOf(
  all: Float32Array,
  choice: Parameters<typeof parametersOf>[0],
  M: number,
  m: number,
): Float32Array {
  const specs = parametersOf(choice).map(({ name, shape }) => ({ name, shape: [M, ...shape] }));
  return Float32Array.from(
    Object.values(views(layoutOf(specs), all)).flatMap((values) => {
      const size = values.length / M;
      return [...values.subarray(m * size, (m + 1) * size)];
    }),
  );
}

describe.each(recurrentCells.map(({ id }) => id))('%s', (cell) => {
  test('starts the same encoder whatever it is asked', () => {
    const [count, sum] = (['count', 'sum'] as const).map((question) => {
      const specs = parametersOf({ cell, question });
      const vector = new Float32Array(layoutOf(specs).size);
      initialise(specs, 7, vector);
      return views(layoutOf(specs), vector);
    });
    const encoder = Object.keys(count!).filter((name) => /^(first|second|third|fourth)/.test(name));
    expect(encoder).toHaveLength(8);
    for (const name of encoder) expect(count![name]).toEqual(sum![name]);
  });
});

test.each(['nac', 'gru'])('%s keeps a copy that diverges to itself', async (cell) => {
  const whole = await trained([1, 2, 3], { question: 'count', cell });
  const broken = await trained([1, 2, 3], { question: 'count', cell }, 1);
  expect(broken[1]!.some(Number.isNaN)).toBe(true);
  expect(broken[0]).toEqual(whole[0]);
  expect(broken[2]).toEqual(whole[2]);
});

test.each(['onnx', 'cpu'] as const)('a copy is trained as it is alone, on %s', async (engine) => {
  const choice = { question: 'sum', cell: 'nac' } as const;
  const batch = batchOf([1, 2]);
  const images = digits.images.subarray(0, 3 * 784);
  const vectors = await Promise.all(
    [[4, 5], [5]].map(async (seeds) => {
      const M = seeds.length;
      const models = await ModelBatch.create(digitModel(choice, batch, M), seeds, engine);
      const all = new Uint8Array(M * images.length);
      for (let m = 0; m < M; m += 1) all.set(images, m * images.length);
      const truth = Float32Array.from({ length: 2 * M }, (_, i) => 3 + 2 * (i % 2));
      for (let i = 0; i < 3; i += 1) await models.step({ images: all, truth }, 0.01);
      const copy = models.copy(M - 1);
      await models.dispose();
      return Object.values(copy).flatMap((values) => [...values]);
    }),
  );
  for (const [i, value] of vectors[0]!.entries()) {
    expect(Math.abs(value - vectors[1]![i]!)).toBeLessThan(1e-6);
  }
});

test('sequences of a batch end together, the longest first', () => {
  expect(batchOf([1, 3, 2, 3])).toEqual({
    lengths: [3, 3, 2, 1],
    running: [2, 3, 4],
    pictures: 9,
  });
});

test('a batch of sequences costs what they cost one by one', async () => {
  const choice = { question: 'count', cell: 'lstm' } as const;
  const specs = parametersOf(choice);
  const layout = layoutOf(specs);
  const vector = new Float32Array(layout.size);
  initialise(specs, 3, vector);
  // Pictures of the sequences of 3, 2 and 1, and how they lie in a batch: all end together.
  const sequences = [[7, 21, 4], [33, 18], [50]];
  const packed = [7, 21, 33, 4, 18, 50];
  const truthOf = (pictures: readonly number[]): number[] =>
    Array.from({ length: 10 }, (_, d) => pictures.filter((i) => digits.labels[i] === d).length);

  const { step, answer, width } = recurrentCell(choice.cell);
  const pixels = (i: number): Uint8Array => digits.images.subarray(i * 784, (i + 1) * 784);
  const costs = sequences.map((pictures) =>
    tf.tidy(() => {
      const own = Object.fromEntries(
        layout.slots.map(({ name, shape, offset, size }) => [
          name,
          tf.tensor(vector.subarray(offset, offset + size), [1, ...shape]),
        ]),
      );
      let state: tf.Tensor = tf.zeros([1, 1, width(10)]);
      for (const i of pictures) {
        const picture = tf.tensor3d([...pixels(i)], [1, 1, 784]);
        state = step(own, encode(own, picture), state);
      }
      const errors = tf.sub(answer(own, state), tf.tensor3d([[truthOf(pictures)]]));
      return tf.mean(tf.square(errors)).dataSync()[0]! / pictures.length;
    }),
  );

  const models = await ModelBatch.create(digitModel(choice, batchOf([2, 1, 3]), 1), [3]);
  const images = Uint8Array.from(packed.flatMap((i) => [...pixels(i)]));
  const [loss] = await models.step(
    { images, truth: Float32Array.from(sequences.flatMap(truthOf)) },
    0,
  );
  await models.dispose();
  expect(loss).toBeCloseTo((costs[0]! + costs[1]! + costs[2]!) / 3, 4);
});

test('an accumulator ends with whole weights, and keeps what it has', async () => {
  const choice = { question: 'count', cell: 'nac' } as const;
  const [vector] = await trained([1], choice);
  const own = views(layoutOf(parametersOf(choice)), vector!);
  const { sums } = recurrentCell('nac').arithmetic!.read(own, 'cell', ENCODING + 10);
  // Zeros still move by what Adam remembers, far below what a float32 of size 1 can show.
  expect(sums!.every((weight) => Math.abs(weight - Math.round(weight)) < 1e-9)).toBe(true);
  for (let o = 0; o < 10; o += 1) expect(sums![(ENCODING + o) * 10 + o]).toBe(1);
});

test('a net that never learned reads and counts nothing right', async () => {
  const choice = { question: 'count', cell: 'nac' } as const;
  const specs = parametersOf(choice);
  const vector = new Float32Array(layoutOf(specs).size);
  initialise(specs, 1, vector);
  const tested = { validation: digits, test: digits };
  const of = { ...choice, longest: 3, lengths: [50], pictures: 1000 };
  const { read, tests } = await evaluateCopy(vector, tested, of);
  expect(read).toBeLessThan(0.4);
  expect(tests[0]).toMatchObject({ right: 0, roundedRight: 0, perfectRight: 0 });
  expect(tests[0]!.error).toBeGreaterThan(2);
});
