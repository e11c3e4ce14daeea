import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type Graph, sortedNodes } from '../../../agent/compiler/graph.ts';
import type { Program, TensorSpec, Tensors } from '../../../agent/compiler/program.ts';
import { trace } from '../../../agent/compiler/trace.ts';
import type { Feeds } from '../../../agent/engines/engine.ts';
import { precomputed } from '../../../agent/layers/precomputed.ts';
import * as tf from '../../../agent/tf.ts';
import { expectClose, load, numbers } from '../engines/engines-at-work.ts';

const pass = vi.hoisted(() => ({ on: true }));
vi.mock('../../../agent/compiler/steps.ts', async (original) => {
  const real = await original<typeof import('../../../agent/compiler/steps.ts')>();
  return { batchSteps: (graph: Graph) => (pass.on ? real.batchSteps(graph) : graph) };
});

beforeEach(() => {
  pass.on = true;
});

type Shapes = Readonly<Record<string, readonly number[]>>;

function program(shapes: Shapes, run: (inputs: Tensors) => Tensors | tf.Tensor): Program {
  const named = (inputs: Tensors): Tensors => {
    const result = run(inputs);
    return result instanceof tf.Tensor ? { result } : result;
  };
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]): [string, TensorSpec] => [
      name,
      { shape, dtype: 'float32' },
    ]),
  );
  tf.setBackend('cpu');
  const outputs = tf.tidy(() => Object.keys(named(zeros(shapes))));
  return { name: 'example', regroup: true, inputs, outputs, run: named };
}

const zeros = (shapes: Shapes): Tensors =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, tf.zeros(shape as number[])]),
  );

/** How many nodes of each operation the traced program has. */
function operations(traced: Program, on = true): Record<string, number> {
  pass.on = on;
  const counts: Record<string, number> = {};
  for (const { op } of sortedNodes(trace(traced))) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}

function feedsFor(shapes: Shapes, seed: string | number): Feeds {
  const { floats } = numbers(seed);
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, floats(shape.reduce((a, b) => a * b, 1))]),
  );
}

/** Compares a program with and without the pass, and with the eager engine; returns the operations that it has with the pass. */
async function check(
  shapes: Shapes,
  run: (inputs: Tensors) => Tensors | tf.Tensor,
  { seed = 1 as string | number, exact = true } = {},
): Promise<Record<string, number>> {
  const one = program(shapes, run);
  const feeds = feedsFor(shapes, seed);
  const results = [];
  for (const on of [true, false]) {
    pass.on = on;
    const runner = await load('onnx', one);
    results.push(await runner.run(feeds));
    await runner.dispose();
  }
  const [batched, unbatched] = results;
  if (exact) expect(batched).toEqual(unbatched);
  else expectClose(batched!, unbatched!, { tolerance: 1e-5 });
  expectClose(batched!, await (await load('cpu', one)).run(feeds), { tolerance: 1e-5 });
  return operations(one);
}

const [T, B, K, H] = [5, 3, 4, 2];
const split = (x: tf.Tensor, count = T) => tf.split(x, count) as tf.Tensor2D[];
const unstack = (x: tf.Tensor) => tf.unstack(x) as tf.Tensor2D[];

const equalRows = (rows: number): tf.Tensor2D =>
  tf.tensor2d(Array.from({ length: rows }, () => [1, 2, 3, 4]));

describe('a recurrent net whose states are known', () => {
  const shapes = { x: [T * B, K], state: [T, B, H], w: [K, H], u: [H, H], b: [H], v: [H, 3] };
  const gradients = (inputs: Tensors): Tensors => {
    const names = ['w', 'u', 'b', 'v'];
    let logits: tf.Tensor | undefined;
    const loss = (...[w, u, b, v]: tf.Tensor[]): tf.Scalar => {
      const states = unstack(inputs.state!);
      let h: tf.Tensor = states[0]!;
      const outputs: tf.Tensor[] = [];
      for (const [t, x] of split(inputs.x!).entries()) {
        if (t > 0) h = precomputed(states[t]!, h);
        const sum = tf.add(
          tf.add(tf.matMul(x, w as tf.Tensor2D), tf.matMul(h as tf.Tensor2D, u as tf.Tensor2D)),
          b!,
        );
        h = tf.tanh(sum);
        outputs.push(h);
      }
      logits = tf.keep(tf.matMul(tf.concat(outputs, 0) as tf.Tensor2D, v as tf.Tensor2D));
      return tf.sum(tf.square(logits));
    };
    const all = tf.grads(loss)(names.map((name) => inputs[name]!));
    return {
      logits: logits!,
      ...Object.fromEntries(names.map((name, i) => [`d${name}`, all[i]!])),
    };
  };

  test('computes all steps at once, but for the gradients through time', async () => {
    const ops = await check(shapes, gradients, { exact: false });
    // Forward: x W, h U and the logits. Backward: gradients of the logits' operands, T − 1 steps back, and one product for W and for U.
    expect(ops).toMatchObject({ Tanh: 1, Gemm: 3 + 2 + (T - 1) + 2, ReduceSum: 1 });
    expect(operations(program(shapes, gradients), false)).toMatchObject({ Tanh: T });
  });

  test('adds up the bias’s gradients in one sum, of rows in order', () => {
    pass.on = true;
    const nodes = sortedNodes(trace(program(shapes, gradients)));
    const products = nodes.filter(({ op, attributes }) => op === 'Gemm' && attributes.transA === 1);
    // The inputs and the states are wholes already; only the gradients through time are put together, once for all.
    const factors = products.map(({ inputs: [left, right] }) => [
      left!.producer?.op ?? left!.name,
      right!.producer!.op,
    ]);
    expect(factors.sort()).toEqual([
      ['Reshape', 'Concat'],
      ['Tanh', 'Mul'],
      ['x', 'Concat'],
    ]);
    expect(nodes.filter(({ op }) => op === 'Concat')).toHaveLength(1);
  });
});

describe('T equal nodes on parts become one', () => {
  const x = { x: [T * B, K] };

  test.each<[string, Record<string, readonly number[]>, (inputs: Tensors) => tf.Tensor[], object]>([
    [
      'where each part is used twice',
      x,
      (i) => split(i.x!).map((p) => tf.mul(tf.exp(p), p)),
      { Exp: 1, Mul: 1 },
    ],
    [
      'where there are two',
      { x: [2 * B, K] },
      (i) => split(i.x!, 2).map((p) => tf.exp(p)),
      { Exp: 1 },
    ],
    [
      'with unstacked parts',
      { x: [T, B, K] },
      (i) => unstack(i.x!).map((p) => tf.softmax(p)),
      { Softmax: 1 },
    ],
    [
      'with operands that all steps and rows share',
      { ...x, row: [K], first: [1, K], number: [] },
      (i) => split(i.x!).map((p) => tf.mul(tf.add(tf.sub(p, i.row!), i.first!), i.number!)),
      { Sub: 1, Add: 1, Mul: 1 },
    ],
    [
      'with constants whose rows are equal',
      x,
      (i) =>
        split(i.x!).map((p) => {
          const rows = equalRows(B);
          return tf.concat([tf.div(p, rows), tf.ones([B, 1]), rows], 1);
        }),
      { Div: 1, Concat: 1 },
    ],
    [
      'with what is computed from equal rows alone',
      { ...x, w: [2, K] },
      (i) =>
        split(i.x!).map((p) => {
          const same = tf.tanh(tf.matMul(tf.ones([B, 2]), i.w as tf.Tensor2D));
          return tf.concat([tf.sub(p, same), same], 1);
        }),
      { Gemm: 1, Tanh: 1, Sub: 1, Concat: 1 },
    ],
    [
      'along later axes',
      x,
      (i) =>
        split(i.x!).map((p) => {
          const [left, right] = tf.split(tf.cumsum(p, 1), 2, 1);
          const tops = tf.topk(
            tf.pad(
              p,
              [
                [0, 0],
                [1, 2],
              ],
              3,
            ),
            2,
          ).values;
          const ends = tf.reverse(tf.slice(p, [0, 1], [B, 2]), 1);
          return tf.concat([left!, right!, tops, ends, tf.max(p, 1, true), tf.tile(p, [1, 2])], 1);
        }),
      { CumSum: 1, Split: 1, TopK: 1, Pad: 1, Slice: 2, ReduceMax: 1, Tile: 1 },
    ],
    [
      'through other ranks',
      x,
      (i) =>
        split(i.x!).map((p) => {
          const cubes = tf.transpose(tf.reshape(p, [B, 2, 2]), [0, 2, 1]);
          const sums = tf.sum(cubes, [1, 2]);
          const picked = tf.gather(tf.tensor1d([3, 1, 2]), tf.cast(tf.greater(sums, 0), 'int32'));
          return tf.where(tf.less(sums, 0.2), picked, tf.cast(tf.argMax(p, 1), 'float32'));
        }),
      { Transpose: 1, ReduceSum: 1, Greater: 1, Gather: 1, Where: 1, ArgMax: 1 },
    ],
    [
      'with products of matrices by batch',
      { x: [T * B, 2, K], y: [T * B, K, 3] },
      (i) => {
        const y = tf.split(i.y!, T);
        return tf.split(i.x!, T).map((p, t) => tf.matMul(p, y[t]!));
      },
      { MatMul: 1 },
    ],
    [
      'with rows of one',
      { x: [T, 1, K], row: [1, K], w: [K, K] },
      (i) =>
        unstack(i.x!).map((p) =>
          tf.concat([tf.matMul(tf.add(p, i.row!) as tf.Tensor2D, i.w as tf.Tensor2D), i.row!], 1),
        ),
      { Add: 1, Gemm: 1, Concat: 1 },
    ],
    [
      'with a part of something else that all of them share',
      { x: [T * B, K], w: [2 * K, H] },
      (i) => {
        const [v, w] = split(i.w!, 2);
        return split(i.x!).map((p) => tf.sub(tf.matMul(p, v!), tf.matMul(p, w!)));
      },
      { Gemm: 2, Sub: 1 },
    ],
    [
      'where as many are together again and taken apart',
      x,
      (i) => {
        const together = tf.concat(
          split(i.x!).map((p) => tf.exp(p)),
          0,
        );
        const stacked = tf.stack(split(together).map((p) => tf.neg(p)));
        return unstack(stacked).map((p) => tf.abs(p));
      },
      { Exp: 1, Neg: 1, Abs: 1 },
    ],
  ])('%s', async (_, shapes, run, expected) => {
    const separate = program(shapes, (inputs) =>
      Object.fromEntries(run(inputs).map((y, t) => [`result ${t}`, y])),
    );
    const exact = !('Gemm' in expected || 'MatMul' in expected);
    const ops = await check(shapes, (inputs) => tf.concat(run(inputs), 0), { exact });
    const { Split: inner = 0 } = expected as { Split?: number };
    expect(ops).toMatchObject(expected);
    // Nothing is split by steps, nor put together: the program gives the whole.
    expect(ops.Split ?? 0).toBeLessThanOrEqual(inner + ('Gemm' in expected ? 1 : 0));
    // Where the parts are outputs, they are split once, at the end.
    const outputs = await check(shapes, separate.run, { exact });
    expect(outputs).toMatchObject({ ...expected, Split: (ops.Split ?? 0) + 1 });
  });

  test('for two lengths in one program, one within the other', async () => {
    const shapes = { x: [6 * B, K], y: [2 * B, K] };
    const ops = await check(shapes, ({ x, y }) => {
      const ys = split(y!, 2);
      const sums = split(x!, 2).map((half, i) =>
        tf.add(
          tf.concat(
            split(half, 3).map((p) => tf.exp(p)),
            0,
          ),
          tf.tile(ys[i]!, [3, 1]),
        ),
      );
      return tf.concat(sums, 0);
    });
    expect(ops.Exp).toBe(2);
  });
});

describe('nodes stay as they are', () => {
  test.each<[string, Record<string, readonly number[]>, (inputs: Tensors) => tf.Tensor[]]>([
    ['where there is one step', { x: [B, K] }, ({ x }) => split(x!, 1).map((p) => tf.exp(p))],
    [
      'where they take parts of other steps',
      { x: [T * B, K] },
      ({ x }) => split(x!).map((p, t, all) => tf.sub(p, all[(t + 1) % T]!)),
    ],
    [
      'where they take one part of several',
      { x: [T * B, K] },
      ({ x }) => split(x!).map((p, t, all) => tf.sub(p, all[Math.min(t, 1)]!)),
    ],
    [
      'where a step is missing',
      { x: [T * B, K] },
      ({ x }) =>
        split(x!)
          .slice(1)
          .map((p) => tf.exp(p)),
    ],
    [
      'where what they share differs by row',
      { x: [T * B, K], y: [B, 1] },
      ({ x, y }) => split(x!).map((p) => tf.sub(p, y!)),
    ],
    [
      'where what they share has more rows',
      { x: [T, K], y: [T, K] },
      ({ x, y }) => split(x!).map((p) => tf.sub(p, y!)),
    ],
    [
      'where a part has fewer axes',
      { x: [T * K], y: [K, K] },
      ({ x, y }) => tf.split(x!, T).map((p) => tf.sub(p, y!)),
    ],
    [
      'where constants differ by row',
      { x: [T * B, K] },
      ({ x }) => split(x!).map((p) => tf.sub(p, tf.tensor2d([[1], [2], [3]]))),
    ],
    [
      'where constants differ by step',
      { x: [T * B, K] },
      ({ x }) => split(x!).map((p, t) => tf.sub(p, tf.scalar(t))),
    ],
    [
      'where rows are mixed',
      { x: [T * B, K] },
      ({ x }) =>
        split(x!)
          .map((p) => tf.softmax(p, -1))
          .map((_, t, all) => tf.sum(tf.reverse(all[T - 1 - t]!, 0), 0, true)),
    ],
    [
      'where they are split along another axis',
      { x: [B, T * T] },
      ({ x }) => tf.split(x!, T, 1).map((p) => tf.exp(p)),
    ],
    [
      'where the parts are not equal',
      { x: [9, K] },
      ({ x }) => tf.split(x!, [2, 3, 4]).map((p) => tf.exp(p)),
    ],
    [
      'where a part is what all rows are multiplied by',
      { x: [T * K, H], y: [B, K] },
      ({ x, y }) => split(x!).map((p) => tf.matMul(y as tf.Tensor2D, p)),
    ],
    [
      'where a part is transposed',
      { x: [T * K, K], y: [K, H] },
      ({ x, y }) => split(x!).map((p) => tf.matMul(p, y as tf.Tensor2D, true)),
    ],
    [
      'where a part has fewer axes than a constant',
      { x: [T * K] },
      ({ x }) => tf.split(x!, T).map((p) => tf.sub(p, equalRows(K))),
    ],
    [
      'where a part is one row for several',
      { x: [T, K] },
      ({ x }) => split(x!).map((p) => tf.sub(p, equalRows(B))),
    ],
    [
      'where what is computed from what they share differs by row',
      { x: [T * B, K], y: [B, 1] },
      ({ x, y }) => split(x!).map((p) => tf.sub(p, tf.tanh(y!))),
    ],
  ])('%s', async (_, shapes, run) => {
    const named = (inputs: Tensors) =>
      Object.fromEntries(run(inputs).map((y, t) => [`result ${t}`, y]));
    const ops = await check(shapes, named);
    const before = operations(program(shapes, named), false);
    for (const op of ['Exp', 'Sub', 'Gemm', 'ReduceSum']) expect(ops[op]).toBe(before[op]);
  });
});

test('parts in another order are not the whole', async () => {
  const ops = await check({ x: [T * B, K] }, ({ x }) => tf.concat(split(x!).toReversed(), 0));
  expect(ops.Concat).toBe(1);
});

test('outputs may be parts, the same part twice, and wholes', async () => {
  const ops = await check({ x: [T * B, K] }, ({ x }) => {
    const parts = split(x!);
    const results = parts.map((p) => tf.exp(p));
    return {
      given: parts[1]!,
      some: results[2]!,
      same: results[2]!,
      all: tf.concat(results, 0),
      whole: tf.concat(parts, 0),
    };
  });
  expect(ops).toMatchObject({ Exp: 1, Split: 2 });
  expect(ops.Concat).toBeUndefined();
});

/** A random program of what may and may not be batched, on T times B rows; an `exact` one does not add up rows. */
function anyProgram(seed: number, exact: boolean) {
  const { uniform, integers } = numbers(`steps ${seed}`);
  const below = (n: number): number => integers(1, n)[0]!;
  const [steps, rows, columns] = [1 + below(4), 1 + below(3), 1 + below(4)];
  const shapes = {
    x: [steps * rows, columns],
    z: [steps, rows, columns],
    row: [columns],
    first: [1, columns],
    each: [rows, columns],
    w: [columns, columns],
  };
  const draws = Array.from({ length: 12 }, () => [uniform(), uniform(), uniform()] as const);
  const run = (i: Tensors): Tensors => {
    const parts = steps === 1 ? [i.x!] : tf.split(i.x!, steps);
    const values: tf.Tensor[][] = [parts, tf.unstack(i.z!)];
    const same = tf.tanh(tf.mul(tf.ones([rows, 1]), i.row!));
    const shared = [i.row!, i.first!, i.each!, tf.scalar(0.7), tf.ones([rows, 1]), same];
    for (const [which, left, right] of draws) {
      const pick = <X>(from: readonly X[], at: number): X => from[Math.floor(at * from.length)]!;
      const [a, b, s] = [pick(values, left), pick(values, right), pick(shared, right)];
      const steplike: (() => tf.Tensor[])[] = [
        () => a.map((p) => tf.tanh(p)),
        () => a.map((p) => tf.relu(tf.neg(p))),
        () => a.map((p) => tf.where(tf.greater(p, s), p, tf.mul(p, 0.5))),
        () => a.map((p, t) => tf.mul(p, b[t]!)),
        () => a.map((p, t) => tf.sub(p, b[steps - 1 - t]!)),
        () => a.map((p) => tf.add(p, s)),
        () =>
          a.map((p) =>
            tf.slice(tf.concat([p, tf.ones([rows, 1]), i.each!], 1), [0, 1], [rows, columns]),
          ),
        () => a.map((p, t) => tf.mul(tf.max(p, 1, true), b[t]!)),
        () =>
          tf.split(
            tf.mul(tf.concat(a, 0), i.row!),
            a.map(() => rows),
          ),
        () => tf.unstack(tf.reverse(tf.stack(a), 0)),
        () => {
          let before: tf.Tensor = a[0]!;
          return a.map((p) => (before = tf.mul(tf.add(p, before), 0.5)));
        },
        () => a.map((p) => tf.matMul(p as tf.Tensor2D, i.w as tf.Tensor2D)),
        () => a.map((p, t) => tf.add(tf.mean(p, 0, true), b[t]!)),
      ];
      const choices = exact ? steplike.slice(0, -2) : steplike;
      values.push(pick(choices, which)().map((p) => tf.reshape(p, [rows, columns])));
    }
    const last = values.slice(-3);
    const plain = { whole: tf.concat(last[0]!, 0), part: last[1]!.at(-1)! };
    if (exact) return plain;
    const products = last[1]!.map((p, t) => tf.matMul(p, last[2]![t]!, true));
    return {
      ...plain,
      rows: tf.addN(last[2]!.map((p) => tf.sum(p, 0))),
      product: tf.addN(products),
    };
  };
  return { shapes, run };
}

test('any program gives the same as without the pass', async () => {
  let fewer = 0;
  for (let seed = 0; seed < 200; seed++) {
    const exact = seed % 2 === 0;
    const { shapes, run } = anyProgram(seed, exact);
    const one = program(shapes, run);
    await check(shapes, run, { seed, exact });
    const count = (on: boolean) => Object.values(operations(one, on)).reduce((a, b) => a + b, 0);
    if (count(true) < count(false)) fewer += 1;
  }
  expect(fewer).toBeGreaterThan(100);
}, 60_000);
