import { describe, expect, test } from 'vitest';
import { compile } from '../../../agent/compiler/compile.ts';
import { sortedNodes } from '../../../agent/compiler/graph.ts';
import type { Program, Tensors } from '../../../agent/compiler/program.ts';
import { trace } from '../../../agent/compiler/trace.ts';
import { programsFor } from '../../../agent/programs.ts';
import * as tf from '../../../agent/tf.ts';
import { COMPARED, load } from '../engines/engines-at-work.ts';
import { tinyRecipe } from '../tiny.ts';

/** A program from x [N, 3] to y. */
const program = (run: (x: tf.Tensor2D) => tf.Tensor): Program => ({
  name: 'example',
  inputs: { x: { shape: ['N', 3], dtype: 'float32' } },
  outputs: ['y'],
  run: ({ x }) => ({ y: run(x as tf.Tensor2D) }),
});

describe('a traced program', () => {
  test('runs for any size of its dynamic dimension in one session', async () => {
    const centred = program((x) =>
      tf.concat([tf.sub(x, tf.sum(x, 0, true)), tf.mul(tf.ones([x.shape[0], 1]), 2)], 1),
    );
    const runner = await load('onnx', centred);
    for (const [x, y] of [
      [
        [1, 2, 3],
        [0, 0, 0, 2],
      ],
      [
        [1, 2, 3, 4, 5, 6],
        [-4, -5, -6, 2, -1, -2, -3, 2],
      ],
      [
        [1, 1, 1, 1, 1, 1, 1, 1, 1],
        [-2, -2, -2, 2, -2, -2, -2, 2, -2, -2, -2, 2],
      ],
    ]) {
      expect([...(await runner.run({ x: Float32Array.from(x!) })).y!]).toEqual(y);
    }
    await expect(runner.run({ x: new Float32Array(4) })).rejects.toThrow(
      '"x" has 4 elements, which do not fill [N, 3]',
    );
    await expect(runner.run({})).rejects.toThrow('example was run without its input "x"');
    expect(compile(centred).outputs).toEqual({ y: ['N', 4] });
    await runner.dispose();
  });

  test('has rows of one dynamic number look at rows of another', async () => {
    const looking: Program = {
      name: 'looking',
      inputs: {
        below: { shape: ['M', 2], dtype: 'float32' },
        looks: { shape: ['N', 2], dtype: 'int32' },
      },
      outputs: ['seen', 'sums', 'twice'],
      run({ below, looks }) {
        const seen = tf.gather(below!, looks as tf.Tensor2D);
        const each = tf.reshape(looks!, [-1, 1]);
        const sums = tf.scatterND(each, tf.reshape(seen, [-1, 2]), below!.shape);
        return { seen, sums, twice: tf.add(below!, below!) };
      },
    };
    expect(compile(looking).outputs).toEqual({
      ...{ seen: ['N', 2, 2], sums: ['M', 2], twice: ['M', 2] },
    });
    for (const engine of COMPARED) {
      const runner = await load(engine, looking);
      const below = Float32Array.of(1, 2, 3, 4, 5, 6);
      expect(await runner.run({ below, looks: Int32Array.of(2, 0, 0, 0) })).toEqual({
        seen: Float32Array.of(5, 6, 1, 2, 1, 2, 1, 2),
        sums: Float32Array.of(3, 6, 0, 0, 5, 6),
        twice: below.map((x) => 2 * x),
      });
      expect(await runner.run({ below: below.slice(4), looks: new Int32Array(6) })).toMatchObject({
        sums: Float32Array.of(30, 36),
        twice: Float32Array.of(10, 12),
      });
      await runner.dispose();
    }
  });

  test('gives an input, a constant and the same value twice as outputs', async () => {
    const several: Program = {
      name: 'several',
      inputs: { x: { shape: [2], dtype: 'float32' } },
      outputs: ['input', 'constant', 'once', 'twice'],
      run({ x }) {
        const twice = tf.mul(x!, 2);
        return { input: x!, constant: tf.ones([3]), once: twice, twice };
      },
    };
    const runner = await load('onnx', several);
    const results = await runner.run({ x: Float32Array.of(1, 2) });
    expect(results).toEqual({
      input: Float32Array.of(1, 2),
      constant: Float32Array.of(1, 1, 1),
      once: Float32Array.of(2, 4),
      twice: Float32Array.of(2, 4),
    });
  });

  test('normalises each row by its own largest logit', async () => {
    const runner = await load(
      'onnx',
      program((x) => tf.logSoftmax(x)),
    );
    const { y } = await runner.run({ x: Float32Array.of(500, 499, 498, -500, -501, -502) });
    // ln(1 + e⁻¹ + e⁻²) below the largest, both times.
    for (const [i, value] of y!.entries()) expect(value).toBeCloseTo(-0.407606 - (i % 3), 4);
  });

  test('computes equal things once', () => {
    const graph = trace(program((x) => tf.add(tf.exp(x), tf.mul(tf.exp(x), tf.exp(x)))));
    const operations = sortedNodes(graph).map(({ op }) => op);
    expect(operations.filter((op) => op === 'Exp')).toHaveLength(1);
  });

  test('writes into the buffers that it is given', async () => {
    for (const engine of ['onnx', 'wasm', 'cpu'] as const) {
      const runner = await load(
        engine,
        program((x) => tf.neg(x)),
      );
      const buffer = new Float32Array(8);
      const y = buffer.subarray(1, 7);
      const results = await runner.run({ x: Float32Array.of(1, 2, 3, 4, 5, 6) }, { y });
      expect(results.y).toBe(y);
      expect([...buffer]).toEqual([0, -1, -2, -3, -4, -5, -6, 0]);
    }
  });
});

describe('tracing refuses', () => {
  test.each([
    [
      'Unique',
      'its result has a size that depends on values',
      (x: tf.Tensor2D) => tf.unique(x).values,
    ],
    ['Multinomial', 'it draws random numbers, ', (x: tf.Tensor2D) => tf.multinomial(x, 1)],
    [
      'MaxPool',
      'it pools; use tf.conv2d ',
      (x: tf.Tensor2D) =>
        tf.grad((v) => tf.sum(tf.maxPool(tf.reshape(v, [-1, 3, 1, 1]) as tf.Tensor4D, 1, 1, 0)))(x),
    ],
  ])('the operation %s by its name and with a reason', (name, reason, run) => {
    expect(() => compile(program(run))).toThrow(
      `example cannot be compiled: TensorFlow.js's ${name} has no translation to ONNX: ${reason}`,
    );
  });

  test('a tensor made outside, of another backend or of an earlier trace', () => {
    tf.setBackend('cpu');
    const outside = tf.tensor1d([1, 2, 3]);
    expect(() => compile(program((x) => tf.add(x, outside)))).toThrow(/made outside/);
    outside.dispose();

    let earlier: tf.Tensor | undefined;
    compile(
      program((x) => {
        earlier = tf.keep(tf.exp(x));
        return tf.neg(earlier);
      }),
    );
    expect(() => compile(program((x) => tf.add(x, earlier!)))).toThrow(/made outside/);
    earlier!.dispose();
  });

  test.each([
    [
      'a range up to the size',
      (x: tf.Tensor2D) => tf.range(0, x.shape[0]),
      /range cannot end at the size/,
    ],
    ['a value', (x: tf.Tensor2D) => tf.scalar(x.dataSync()[0]!), /reads the value/],
    [
      'the size as a number',
      (x: tf.Tensor2D) => tf.div(tf.sum(x), x.shape[0]),
      /dynamic dimension/,
    ],
    [
      'the size in a mean’s gradient',
      (x: tf.Tensor2D) => tf.grad((v) => tf.mean(v, 0))(x),
      /dynamic/,
    ],
    [
      'numbers for each row',
      (x: tf.Tensor2D) => tf.tensor1d(Array.from({ length: x.shape[0] }, (_, i) => i)),
      /dynamic dimension/,
    ],
    ['a slice of it', (x: tf.Tensor2D) => tf.slice(x, [1, 0], [2, 3]), /cannot be sliced/],
    ['a piece of it', (x: tf.Tensor2D) => tf.split(x, [1, x.shape[0] - 1])[0]!, /cannot be split/],
    [
      'something joined to it',
      (x: tf.Tensor2D) => tf.concat([x, tf.ones([2, 3])]),
      /cannot be concatenated/,
    ],
    [
      'a border around it',
      (x: tf.Tensor2D) =>
        tf.pad(x, [
          [1, 0],
          [0, 0],
        ]),
      /cannot be padded/,
    ],
  ])('%s', (_, run, message) => {
    expect(() => compile(program(run))).toThrow(message);
  });

  test('a program that forgets an output', () => {
    const forgetful = { ...program((x) => x), run: (): Tensors => ({}) };
    expect(() => compile(forgetful)).toThrow('it did not return its output "y"');
  });
});

test('tracing leaves TensorFlow.js as it was, even where it fails', () => {
  tf.setBackend('cpu');
  const { gradients } = programsFor(tinyRecipe());
  const before = tf.memory().numTensors;
  compile(gradients(2, 2));
  expect(() => compile(program((x) => tf.unique(x).values))).toThrow('Unique');
  expect(tf.getBackend()).toBe('cpu');
  expect(tf.memory().numTensors).toBe(before);
  expect([...tf.tidy(() => tf.add([1, 2], 1).dataSync())]).toEqual([2, 3]);
});
