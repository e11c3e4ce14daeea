import { beforeEach, describe, expect, test, vi } from 'vitest';
import { sortedNodes } from '../../../agent/compiler/graph.ts';
import type { Program, TensorSpec } from '../../../agent/compiler/program.ts';
import { trace } from '../../../agent/compiler/trace.ts';
import { programsFor } from '../../../agent/programs.ts';
import * as tf from '../../../agent/tf.ts';
import { expectClose, load, numbers } from '../engines/engines-at-work.ts';
import { randomFeeds, tinyRecipe } from '../tiny.ts';

const pass = vi.hoisted(() => ({ on: true }));
vi.mock('../../../agent/compiler/sums.ts', async (original) => {
  const real = await original<typeof import('../../../agent/compiler/sums.ts')>();
  return {
    fuseSumsOfProducts: (...[graph, options]: Parameters<typeof real.fuseSumsOfProducts>) =>
      pass.on ? real.fuseSumsOfProducts(graph, options) : graph,
  };
});

beforeEach(() => {
  pass.on = true;
});

const recipe = tinyRecipe({ pathway: 'nac', steps: 6 });
const [B, N] = [3, 5];
const program = () => programsFor(recipe).gradients(B, B);

function products(on: boolean): number {
  pass.on = on;
  return sortedNodes(trace(program())).filter(({ op }) => op === 'Gemm').length;
}

test('the pass turns the weights’ gradients over T steps into one product each', () => {
  // There are three such sums: of the recurrent kernel, of the time kernel and of the accumulator's weights, which its two matrices share.
  const [without, withPass] = [products(false), products(true)];
  expect(without - withPass).toBe(3 * (recipe.config.steps - 1));
});

describe('a sum that is', () => {
  const [rows, columns] = [3, 2];
  const shapes = { x: [rows, columns], y: [rows, columns], z: [rows, columns], c: [rows, columns] };
  type Given = Record<keyof typeof shapes, tf.Tensor2D>;
  const onRows = (x: tf.Tensor): tf.Tensor => tf.sum(x, 0);

  test.each<[string, (given: Given) => tf.Tensor, Record<string, number>]>([
    [
      'of sums of rows is one sum',
      ({ x, y, z }) => tf.add(tf.add(onRows(x), onRows(y)), onRows(z)),
      { ReduceSum: 1, Concat: 1, Add: 0 },
    ],
    [
      'of multiples of the same factor is a multiple of their sum',
      ({ x, y, z, c }) => tf.addN([tf.mul(x, c), tf.mul(c, y), tf.mul(z, c)]),
      { Mul: 1, Add: 2 },
    ],
    [
      'of multiples of products has one product',
      ({ x, y, z, c }) => tf.addN([x, y, z].map((v) => tf.mul(tf.matMul(v, c, true), onRows(c)))),
      { Gemm: 1, Mul: 1, Add: 0 },
    ],
    [
      'of a square and other things stays',
      ({ x, y, z }) => tf.addN([tf.mul(x, x), y, z]),
      { Mul: 1, Add: 2 },
    ],
    [
      'of multiples that are used elsewhere stays',
      ({ x, y, c }) => {
        const [a, b] = [tf.mul(x, c), tf.mul(y, c)];
        return tf.mul(tf.add(a, b), tf.sub(a, b));
      },
      { Mul: 3, Add: 1 },
    ],
    [
      'of multiples that are broadcast stays',
      ({ x, y, c }) => tf.add(tf.mul(onRows(x), c), tf.mul(onRows(y), c)),
      { Mul: 2, Add: 1, ReduceSum: 2 },
    ],
  ])('%s', async (_, run, expected) => {
    const small: Program = {
      name: 'small',
      regroup: true,
      inputs: Object.fromEntries(
        Object.entries(shapes).map(([name, shape]): [string, TensorSpec] => [
          name,
          { shape, dtype: 'float32' },
        ]),
      ),
      outputs: ['sum'],
      run: (given) => ({ sum: run(given as Given) }),
    };
    const ops = sortedNodes(trace(small)).map(({ op }) => op);
    for (const [op, count] of Object.entries(expected))
      expect(
        ops.filter((other) => other === op),
        op,
      ).toHaveLength(count);
    const { floats } = numbers(3);
    const feeds = Object.fromEntries(Object.keys(shapes).map((name) => [name, floats(6)]));
    const eager = await (await load('cpu', small)).run(feeds);
    expectClose(await (await load('onnx', small)).run(feeds), eager, { tolerance: 1e-6 });
    // What may not be regrouped is not.
    const { regroup: _regroup, ...plain } = small;
    const before = sortedNodes(trace(plain)).map(({ op }) => op);
    pass.on = false;
    expect(before).toEqual(sortedNodes(trace(plain)).map(({ op }) => op));
  });
});

test('results are the same with and without it', async () => {
  const { gradients: feeds } = randomFeeds(recipe, B, N, 7);
  const results = [];
  for (const on of [true, false]) {
    pass.on = on;
    results.push(await (await load('onnx', program())).run(feeds));
  }
  expectClose(results[0]!, results[1]!, { tolerance: 1e-6 });
});
