import { beforeAll, describe, expect, test } from 'vitest';
import type { Cell } from '../../../agent/cells/cell.ts';
import { bounded } from '../../../agent/cells/cell.ts';
import { cells } from '../../../agent/cells/index.ts';
import { nacCell } from '../../../agent/cells/nac.ts';
import { initialise, layoutOf, views } from '../../../agent/parameters.ts';
import * as tf from '../../../agent/tf.ts';
import { numbers, runEverywhere } from '../engines/engines-at-work.ts';
import { type Named, reference } from './reference.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** First parameters of a cell called `c`, and as tensors. */
function startOf(cell: Cell, inputs: number, outputs: number, seed = 1) {
  const specs = cell.parameters('c', inputs, outputs);
  const layout = layoutOf(specs);
  const vector = new Float32Array(layout.size);
  initialise(specs, seed, vector);
  const parameters = views(layout, vector);
  const tensors = () =>
    Object.fromEntries(
      specs.map(({ name, shape }) => [name, tf.tensor(parameters[name]!.slice(), [...shape])]),
    );
  return { specs, parameters, tensors };
}

const rows = (values: ArrayLike<number>, columns: number): number[][] =>
  Array.from({ length: values.length / columns }, (_, i) =>
    Array.from({ length: columns }, (_, j) => values[i * columns + j]!),
  );

const applied = (cell: Cell, parameters: Record<string, tf.Tensor>, x: number[][]): number[][] =>
  tf.tidy(() => {
    const y = cell.apply(parameters, 'c', tf.tensor2d(x));
    return rows(y.dataSync(), y.shape[1]!);
  });

/** Inputs of every kind: ordinary, negative, zero, tiny. */
const KINDS = [
  [1.5, 2.5, 0.75],
  [-1.5, 2, -0.3],
  [0, 1.25, -2],
  [1e-6, -1e-6, 1.5],
  [-1e-6, 0, 3],
];

describe.each(cells.map((cell) => [cell.id, cell] as const))('the cell %s', (id, cell) => {
  test('computes its formula, and its gradients are those of finite differences', () => {
    const outputs = 2;
    const { specs, parameters, tensors } = startOf(cell, 3, outputs);
    const named: Record<string, number[][]> = Object.fromEntries(
      specs.map(({ name, shape }) => [name, rows(parameters[name]!, shape[1]!)]),
    );
    const weightOfOutput = [1, -0.7];
    const loss = (p: Named, x: readonly number[]) =>
      reference[id]!(p, x).reduce((sum, y, j) => sum + y * weightOfOutput[j]!, 0);
    for (const given of KINDS) {
      const x = [...Float32Array.from(given)];
      const gradients = tf.tidy(() => {
        const names = specs.map(({ name }) => name);
        const all = tensors();
        const scalar = (...values: tf.Tensor[]) => {
          const p = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
          return tf.sum(tf.mul(cell.apply(p, 'c', values.at(-1)!), tf.tensor1d(weightOfOutput)));
        };
        return tf
          .grads(scalar as (...xs: tf.Tensor[]) => tf.Scalar)([
            ...names.map((name) => all[name]!),
            tf.tensor2d([x]),
          ])
          .map((gradient) => [...gradient.dataSync()]);
      });
      const [y] = applied(cell, tensors(), [x]);
      for (const [j, value] of reference[id]!(named, x).entries()) {
        expect(Math.abs(y![j]! - value), `y${j} of ${x}`).toBeLessThan(
          1e-5 * (1 + Math.abs(value)),
        );
      }
      const slopes = (at: { get(): number; set(value: number): void }): [number, number] => {
        const value = at.get();
        const h = 1e-4 * Math.max(Math.abs(value), 1e-7);
        const [left, here, right] = [value - h, value, value + h].map((moved) => {
          at.set(moved);
          return loss(named, x);
        });
        at.set(value);
        return [(here! - left!) / h, (right! - here!) / h];
      };
      const places = [
        ...specs.map(({ name }) =>
          named[name]!.flatMap((row) => row.map((_, j) => [row, j] as const)),
        ),
        x.map((_, i) => [x, i] as const),
      ];
      for (const [k, entries] of places.entries()) {
        for (const [i, [row, j]] of entries.entries()) {
          const both = slopes({ get: () => row[j]!, set: (value) => (row[j] = value) });
          const gradient = gradients[k]![i]!;
          const tolerance = 2e-3 * Math.max(1, ...both.map(Math.abs));
          const what = `${specs[k]?.name ?? 'x'}[${i}] at ${x}: ${gradient} for slopes ${both}`;
          expect(gradient, what).toBeGreaterThan(Math.min(...both) - tolerance);
          expect(gradient, what).toBeLessThan(Math.max(...both) + tolerance);
        }
      }
    }
  });

  test.each([2, 10, 100])(
    'is finite for %i inputs up to a million, gradients included',
    (inputs) => {
      const { parameters, tensors, specs } = startOf(cell, inputs, 3);
      const { floats, uniform } = numbers(`finite ${id} ${inputs}`);
      const sizes = [0, 1e-6, 1, 1e6];
      const x = Array.from({ length: 12 }, (_, row) =>
        Array.from(floats(inputs), (value) =>
          row < 4 ? sizes[row]! * Math.sign(value) : value * sizes[Math.floor(uniform() * 4)]!,
        ),
      );
      const expectFinite = () => {
        const all = tf.tidy(() => {
          const p = tensors();
          const scalar = (...values: tf.Tensor[]) => {
            const now = Object.fromEntries(specs.map(({ name }, i) => [name, values[i]!]));
            return tf.sum(cell.apply(now, 'c', values.at(-1)!)) as tf.Scalar;
          };
          const given = [...specs.map(({ name }) => p[name]!), tf.tensor2d(x)];
          return [cell.apply(p, 'c', tf.tensor2d(x)), ...tf.grads(scalar)(given)].map((tensor) =>
            tensor.dataSync().every(Number.isFinite),
          );
        });
        expect(all).toEqual(all.map(() => true));
      };
      expectFinite();
      cell.round(parameters, 'c', inputs);
      expectFinite();
      for (const { name } of specs) parameters[name]!.fill(30);
      expectFinite();
      for (const { name } of specs) parameters[name]!.fill(-30);
      expectFinite();
    },
  );

  test('computes for each model of a batch what the model alone computes', async () => {
    const models = [1, 2, 3].map((seed) => startOf(cell, 3, 2, seed));
    const { specs } = models[0]!;
    const x = Float32Array.from(KINDS.slice(0, 2).flat());
    const stacked = Object.fromEntries(
      specs.map(({ name }) => [
        name,
        Float32Array.from(models.flatMap(({ parameters }) => [...parameters[name]!])),
      ]),
    );
    const results = await runEverywhere(
      {
        name: id,
        inputs: {
          ...Object.fromEntries(
            specs.map(({ name, shape }) => [
              name,
              { shape: [3, ...shape], dtype: 'float32' } as const,
            ]),
          ),
          x: { shape: [3, 2, 3], dtype: 'float32' },
        },
        outputs: ['y', 'distance'],
        run: ({ x, ...p }) => ({
          y: cell.apply(p, 'c', x!),
          distance: cell.distanceFromWhole(p, 'c'),
        }),
      },
      [{ ...stacked, x: Float32Array.from([1, 2, 3].flatMap(() => [...x])) }],
    );
    for (const [engine, [result]] of Object.entries(results)) {
      for (const [m, { tensors }] of models.entries()) {
        const alone = applied(cell, tensors(), rows(x, 3)).flat();
        for (const [i, value] of alone.entries()) {
          const difference = Math.abs(result!.y![m * 4 + i]! - value);
          expect(difference, `${engine}, model ${m}`).toBeLessThan(1e-5 * (1 + Math.abs(value)));
        }
        const distance = tf.tidy(() => cell.distanceFromWhole(tensors(), 'c').dataSync()[0]!);
        expect(result!.distance![m]).toBeCloseTo(distance, 5);
      }
    }
  });

  test('has whole weights once rounded, and reads as what it computes', () => {
    const { parameters, tensors } = startOf(cell, 3, 4, 5);
    for (const values of Object.values(parameters)) {
      for (const i of values.keys()) values[i] = values[i]! + (i % 3) - 1;
    }
    cell.round(parameters, 'c', 3);
    expect(tf.tidy(() => cell.distanceFromWhole(tensors(), 'c').dataSync()[0]!)).toBeLessThan(1e-6);
    const { sums, powers, gate } = cell.read(parameters, 'c', 3);
    for (const weight of [...(sums ?? []), ...(powers ?? []), ...(gate ?? [])]) {
      expect(Math.abs(weight - Math.round(weight))).toBeLessThan(1e-6);
    }
    const x = [2, 3, 5];
    const [y] = applied(cell, tensors(), [x]);
    for (const j of [0, 1, 2, 3]) {
      const sum = x.reduce((total, value, i) => total + value * (sums?.[i * 4 + j] ?? 0), 0);
      const power = x.reduce((total, value, i) => total * value ** (powers?.[i * 4 + j] ?? 0), 1);
      const share = gate?.[j] ?? (sums ? 1 : 0);
      const value = share * sum + (1 - share) * power;
      if (gate !== null || !sums || !powers) expect(y![j]).toBeCloseTo(value, 4);
      // A gate that depends on the input lies between its sum and its product.
      else expect((y![j]! - sum) * (y![j]! - power)).toBeLessThan(1e-4);
    }
  });
});

test('ten accumulators with whole weights keep the scale of what passes through', () => {
  const { parameters, tensors } = startOf(nacCell, 4, 4);
  for (const values of Object.values(parameters)) values.fill(-9);
  for (const i of [0, 1, 2, 3]) {
    parameters['c/w_hat']![i * 4 + ((i + 1) % 4)] = 9;
    parameters['c/m_hat']![i * 4 + ((i + 1) % 4)] = 9;
  }
  nacCell.round(parameters, 'c', 4);
  const passed = tf.tidy(() => {
    let x: tf.Tensor = tf.tensor2d([[1e6, -1e-6, 0.1, 7]]);
    for (let layer = 0; layer < 12; layer++) x = nacCell.apply(tensors(), 'c', x);
    return [...x.dataSync()];
  });
  // 1e-6 next to 1e6: what is multiplied by σ(−30) must be lost in the sum.
  expect(passed).toEqual([...Float32Array.of(1e6, -1e-6, 0.1, 7)]);
});

test('a weight beyond its bounds moves back, but not further out', () => {
  const gradientOf = (direction: number) =>
    tf.tidy(() => [
      ...tf
        .grad((x) => tf.mul(bounded(x, -1, 1), direction))(tf.tensor1d([-2, -1, 0, 1, 2]))
        .dataSync(),
    ]);
  // Descent goes against the gradient.
  expect(gradientOf(1)).toEqual([0, 1, 1, 1, 1]);
  expect(gradientOf(-1)).toEqual([-1, -1, -1, -1, 0]);
});
