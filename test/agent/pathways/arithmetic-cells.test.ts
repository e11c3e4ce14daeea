import { beforeAll, describe, expect, test } from 'vitest';
import type { Cell } from '../../../agent/cells/cell.ts';
import { cells } from '../../../agent/cells/index.ts';
import { cellOf } from '../../../agent/cells/nac.ts';
import type { AgentConfig } from '../../../agent/config.ts';
import { initialise, layoutOf, views } from '../../../agent/parameters.ts';
import { createPathway, parseConfig } from '../../../agent/pathways/configure.ts';
import type { Pathway } from '../../../agent/pathways/pathway.ts';
import { readingOf } from '../../../agent/pathways/reading.ts';
import * as tf from '../../../agent/tf.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** A pathway with the parameters that it draws, after `change`. */
function drawn(
  config: Partial<AgentConfig>,
  names: readonly string[],
  change: (parameters: Record<string, Float32Array>) => void = () => {},
) {
  const pathway = createPathway(parseConfig(config), names, 5);
  const layout = layoutOf(pathway.parameters);
  const vector = new Float32Array(layout.size);
  initialise(pathway.parameters, 'cells', vector);
  const parameters = views(layout, vector);
  change(parameters);
  const tensors = Object.fromEntries(
    layout.slots.map(({ name, shape }) => [name, tf.tensor(parameters[name]!, [...shape])]),
  );
  /** @returns features and state after `steps` steps at which it is told the same */
  const run = (told: readonly number[], steps: number) => {
    let state =
      pathway.state.length > 0 ? (tf.zeros([1, pathway.state.length]) as tf.Tensor2D) : null;
    let features: tf.Tensor2D | null = null;
    for (let step = 0; step < steps; step++) {
      const instruction = told.length > 0 ? tf.tensor2d([[...told]]) : null;
      ({ features, state } = pathway.apply(tensors, instruction, state, null));
    }
    return {
      features: [...features!.dataSync()],
      state: Float32Array.from(state?.dataSync() ?? []),
    };
  };
  return { pathway, parameters, run };
}

/** Parameters of accumulator weights that are each −1, 0 or 1. */
const set = (p: Record<string, Float32Array>, name: string, weights: readonly number[]): void => {
  for (const [i, weight] of weights.entries()) {
    p[`${name}/w_hat`]![i] = 30 * weight;
    p[`${name}/m_hat`]![i] = weight === 0 ? -30 : 30;
  }
};

const tanhs = (x: number): number[] => [Math.tanh(x / 2), Math.tanh(x / 10)];
const near = (values: readonly number[], expected: readonly number[]): void => {
  expect(values).toHaveLength(expected.length);
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i]!, 4);
};

describe('nalu-clock', () => {
  const config = { pathway: 'nalu-clock', nacWidth: 1 };
  const gated = (gate: number, weights: readonly number[]) =>
    drawn(config, ['t'], (p) => {
      set(p, 'clock', [1]);
      set(p, 'nalu', weights);
      p['nalu/gate']!.fill(gate);
    });

  test('where its gate opens, the LSTM gets the time left', () => {
    for (const t of [7, 1000]) near(gated(30, [1, -1]).run([t], 5).features, tanhs(t - 5));
  });

  test('where it shuts, a quotient', () => {
    near(gated(-30, [1, -1]).run([7], 5).features, tanhs(7 / 5));
    near(gated(-30, [0, 1]).run([7], 5).features, tanhs(5));
  });

  test('half open, half of each', () => {
    near(gated(0, [1, -1]).run([7], 5).features, tanhs((7 - 5 + 7 / 5) / 2));
  });
});

describe('nalu', () => {
  test('carries its outputs, which the LSTM gets with the number', () => {
    const { run } = drawn({ pathway: 'nalu', nacWidth: 1 }, ['t'], (p) => {
      set(p, 'nalu', [0, 1, 1]);
      p['nalu/gate']!.set([30, 0, 0]);
    });
    // n ← n + 1, as the gate opens for any t
    expect(run([7], 5)).toEqual({ features: [5, 7], state: Float32Array.of(5) });
  });

  test('keeps what grows by itself within ±10⁶', () => {
    const { run } = drawn({ pathway: 'nalu', nacWidth: 3 }, ['t'], (p) => {
      set(p, 'nalu', Array(15).fill(1));
      p['nalu/gate']!.fill(30);
    });
    expect([...run([50], 200).state]).toEqual([1e6, 1e6, 1e6]);
  });
});

describe('cell-clock', () => {
  const product = (p: Record<string, Float32Array>): void => {
    p['cell/w']!.fill(1);
    set(p, 'clock', [1]);
    set(p, 'nac', [1, -1]);
  };

  test('compares a product with the clock', () => {
    const { run } = drawn({ pathway: 'cell-clock', nacWidth: 1 }, ['p', 'b'], product);
    near(run([3, 4], 5).features, tanhs(3 * 4 - 5));
    near(run([50, 60], 8).features, tanhs(1e9));
  });

  test('tells the numbers apart from what it makes of them', () => {
    const { pathway } = drawn({ pathway: 'cell-clock' }, ['p', 'b']);
    expect(pathway.accumulators.map(({ inputs }) => inputs)).toEqual([
      ['p', 'b'],
      ['1'],
      ['m1', 'n1'],
    ]);
    expect(pathway.accumulators.map((one) => cellOf(one).id)).toEqual(['nmu', 'nac', 'nac']);
  });

  test('without a number it is a clock alone', () => {
    const { run } = drawn({ pathway: 'cell-clock', nacWidth: 1 }, [], (p) => {
      set(p, 'clock', [1]);
      set(p, 'nac', [1]);
    });
    near(run([], 3).features, tanhs(3));
  });

  test.each(cells.map(({ id }) => id))('takes the cell %s', (cell) => {
    const { pathway, run } = drawn({ pathway: 'cell-clock', cell, cellWidth: 2 }, ['p', 'b']);
    const { features } = run([3, 4], 2);
    expect(features).toHaveLength(pathway.featureSize);
    expect(features.every(Number.isFinite)).toBe(true);
  });

  test('refuses a cell that there is not', () => {
    expect(() => parseConfig({ pathway: 'cell-clock', cell: 'nul' })).toThrow('Invalid option');
  });
});

describe('what the page shows of a step is what the LSTM got', () => {
  test.each([
    [{ pathway: 'nac-clock' }, ['t']],
    [{ pathway: 'nalu-clock' }, ['t']],
    [{ pathway: 'cell-clock' }, ['p', 'b']],
    [{ pathway: 'cell-clock', cell: 'npu', cellWidth: 3 }, ['p', 'b']],
    [{ pathway: 'cell-clock' }, []],
  ])('%j told %j', (config, names) => {
    const { pathway, parameters, run } = drawn({ ...config, nacWidth: 4 }, names);
    const told = [3, 5].slice(0, names.length);
    const { features, state } = run(told, 6);
    const shown = readingOf(pathway, names, parameters).at(state, Float32Array.from(told));
    expect(shown).toHaveLength(4 + state.length);
    near([...shown.subarray(4)], [...state]);
    for (const [i, x] of shown.subarray(0, 4).entries()) {
      near([features[i]!, features[4 + i]!], tanhs(x));
    }
  });

  test('also of outputs that it carries', () => {
    const { pathway, parameters, run } = drawn({ pathway: 'nalu', nacWidth: 4 }, ['t']);
    const { features, state } = run([7], 6);
    const shown = readingOf(pathway, ['t'], parameters).at(state, Float32Array.of(7));
    near([...shown], features.slice(0, 4));
  });

  test('also of a cell whose one parameter has its name', () => {
    const nau = cells.find(({ id }) => id === 'nau')!;
    const cell: Cell = {
      ...nau,
      parameters: (name, inputs, outputs) =>
        nau.parameters(name, inputs, outputs).map((spec) => ({ ...spec, name })),
      apply: (parameters, name, x) => tf.matMul(x, parameters[name]!),
      read: (parameters, name) => ({ sums: parameters[name]!, powers: null, gate: null }),
    };
    const pathway: Pathway = {
      parameters: cell.parameters('sum', 2, 1),
      accumulators: [{ name: 'sum', cell, inputs: ['p', 'b'], outputs: ['x1'], keeps: 'nothing' }],
      ...{ state: [], featureSize: 1 },
      apply: (parameters, x) => ({
        features: cell.apply(parameters, 'sum', x!) as tf.Tensor2D,
        state: null,
      }),
    };
    const reading = readingOf(pathway, ['p', 'b'], { sum: Float32Array.of(1, -1) });
    expect([...reading.at(new Float32Array(0), Float32Array.of(3, 5))]).toEqual([-2]);
  });
});
