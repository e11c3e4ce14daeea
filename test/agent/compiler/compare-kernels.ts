import { expect } from 'vitest';
import { composites } from '../../../agent/compiler/kernels/composites.ts';
import { kernels } from '../../../agent/compiler/kernels/index.ts';
import type { Program } from '../../../agent/compiler/program.ts';
import type { EngineName, Feeds, Results } from '../../../agent/engines/engine.ts';
import * as tf from '../../../agent/tf.ts';
import { load, numbers } from '../engines/engines-at-work.ts';
import { EDGES, PAIRS } from './elementwise-cases.ts';
import type { Case, Draw } from './kernel-case.ts';
import { cases } from './kernel-cases.ts';

/** The kernels whose translations have been called. */
const called = new Set<string>();
for (const table of [kernels, composites] as Record<string, (...args: never[]) => unknown>[]) {
  for (const [name, translation] of Object.entries(table)) {
    table[name] = (...args) => {
      called.add(name);
      return translation(...args);
    };
  }
}

/** Cases with operands of the same shapes and kind: they are compiled as one program. */
export const groups: [group: string, of: Case[]][] = [...new Set(cases.map(groupOf))].map(
  (group) => [group, cases.filter((one) => groupOf(one) === group)],
);

function groupOf({ shapes, draw }: Case): string {
  return `${draw} [${shapes.join('] [')}]`;
}

/**
 * Compares what an engine computes with the backend `cpu`, for each case of a group: element for element, element types
 * included, and for each size of the dynamic dimension.
 */
export async function expectValues(engine: EngineName, group: string, of: Case[]): Promise<void> {
  const sizes = of[0]!.shapes.flat().includes('N') ? [2, 5] : [1];
  await compare(engine, group, of, sizes, ({ run }, operands) => {
    const results = [run(...operands)].flat();
    return { results, signature: results.map(({ dtype, rank }) => `${dtype} of rank ${rank}`) };
  });
}

/** Compares the gradients of the cases that TensorFlow.js has gradients of; the dynamic dimension has a fixed size. */
export async function expectGradients(engine: EngineName, group: string, of: Case[]) {
  const fixed = of
    .filter(({ kernel, wrt }) => tf.getGradient(kernel) && wrt?.length !== 0)
    .map((one) => ({ ...one, shapes: one.shapes.map((s) => s.map((n) => (n === 'N' ? 4 : n))) }));
  if (fixed.length === 0) return;
  await compare(
    engine,
    group,
    fixed,
    [4],
    ({ run, draw, wrt = [...fixed[0]!.shapes.keys()] }, operands) => {
      const floatsOf = (given: tf.Tensor[]) =>
        [run(...given)].flat().filter(({ dtype }) => dtype === 'float32');
      if (floatsOf(operands).length === 0) return { results: [], signature: [] };
      const loss = (...xs: tf.Tensor[]): tf.Scalar => {
        const given = operands.map((operand, i) =>
          wrt.includes(i) ? xs[wrt.indexOf(i)]! : operand,
        );
        const floats = floatsOf(given);
        // A square weighs each element by itself; large numbers would overflow.
        const large = draw === 'edges' || draw === 'pairs';
        const losses = floats.map((y) => tf.sum(large ? tf.mul(y, operands[0]!) : tf.square(y)));
        return tf.addN(losses) as tf.Scalar;
      };
      return { results: tf.grads(loss)(wrt.map((i) => operands[i]!)), signature: [] };
    },
  );
}

type Outputs = { results: tf.Tensor[]; signature: string[] };

async function compare(
  engine: EngineName,
  group: string,
  of: readonly Case[],
  sizes: readonly number[],
  outputsOf: (one: Case, operands: tf.Tensor[]) => Outputs,
): Promise<void> {
  const { shapes, draw } = of[0]!;
  const names = shapes.map((_, i) => `x${i}`);
  const signatures = new Map<string, string>();
  let outputs: { name: string; absolute: number }[] = [];
  const program: Program = {
    name: group,
    inputs: Object.fromEntries(
      names.map((name, i) => [name, { shape: shapes[i]!, dtype: 'float32' }]),
    ),
    get outputs() {
      return outputs.map(({ name }) => name);
    },
    run(inputs) {
      outputs = [];
      const results: Record<string, tf.Tensor> = {};
      for (const [at, one] of of.entries()) {
        called.clear();
        const { results: tensors, signature } = outputsOf(
          one,
          names.map((name) => inputs[name]!),
        );
        if (tf.getBackend() === 'trace') expect([...called]).toContain(one.kernel);
        const what = `${one.kernel} (${at})`;
        expect(signature.join(), what).toBe(signatures.get(what) ?? signature.join());
        signatures.set(what, signature.join());
        for (const [i, tensor] of tensors.entries()) {
          const name = `${what} ${i}`;
          outputs.push({ name, absolute: one.absolute });
          // Engines give back floats.
          results[name] = tf.cast(tensor, 'float32');
        }
      }
      return results;
    },
  };
  const feeds = sizes.map((N) => draws(shapes, N, draw, group));
  const reference = await load('cpu', program);
  const expected = [];
  for (const feed of feeds) expected.push(await reference.run(feed));
  if (outputs.length === 0) return;
  const tested = await load(engine, program);
  for (const [at, feed] of feeds.entries()) {
    const actual = await tested.run(feed);
    for (const { name, absolute } of outputs) expectSame(actual, expected[at]!, name, absolute);
  }
  await tested.dispose();
}

function expectSame(actual: Results, expected: Results, name: string, absolute: number): void {
  expect(actual[name]!.length, name).toBe(expected[name]!.length);
  const wrong = [...expected[name]!.entries()].filter(([i, value]) => {
    const other = actual[name]![i]!;
    return (
      !(Object.is(other, value) || Math.abs(other - value) <= absolute + 1e-5 * Math.abs(value)) &&
      other !== value
    );
  });
  expect(
    wrong.map(([i, value]) => `[${i}] ${actual[name]![i]} for ${value}`),
    name,
  ).toEqual([]);
}

function draws(shapes: Case['shapes'], N: number, draw: Draw, seed: string): Feeds {
  const { floats, integers } = numbers(`${seed} ${N}`);
  const feeds = shapes.map((shape, i) => {
    const size = shape.reduce<number>((product, n) => product * (typeof n === 'number' ? n : N), 1);
    const values: Record<Draw, () => Float32Array> = {
      any: () => floats(size, -2, 2),
      positive: () => floats(size, 0.1, 2),
      // Ties, halves and zeros are where operations that compare or round differ.
      steps: () => Float32Array.from(integers(size, 17), (n) => (n - 8) / 4),
      indices: () => Float32Array.from(integers(size, 2)),
      truths: () => Float32Array.from(integers(size, 2)),
      edges: () => EDGES,
      pairs: () => PAIRS[i as 0 | 1],
    };
    return [`x${i}`, values[draw]()];
  });
  return Object.fromEntries(feeds);
}
