import { expect, test } from 'vitest';
import { type Cell, distanceFromUnits, roundWithin } from '../../agent/cells/cell.ts';
import { cells } from '../../agent/cells/index.ts';
import { uniform } from '../../agent/initializers.ts';
import * as tf from '../../agent/tf.ts';
import { cellRules } from '../../src/check/cell-rules.ts';
import { checkCell } from '../../src/check/check-cell.ts';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** Sums and differences by plain weights. */
const sound: Cell = {
  id: 'sound',
  summary: 'Sums.',
  source: 'this test',
  parameters: (name, inputs, outputs) => [
    { name: `${name}/w`, shape: [inputs, outputs], initial: uniform(-0.5, 0.5) },
  ],
  apply: (parameters, name, x) => tf.matMul(x, parameters[`${name}/w`]!),
  distanceFromWhole: (parameters, name) => distanceFromUnits(parameters[`${name}/w`]!),
  round: (parameters, name) => roundWithin(parameters[`${name}/w`]!, -1, 1),
  read: (parameters, name) => ({
    sums: parameters[`${name}/w`]!.slice(),
    powers: null,
    gate: null,
  }),
};

/** The same, with something done to what it gives, which no weights tell. */
const giving = (change: (y: tf.Tensor, x: tf.Tensor) => tf.Tensor): Partial<Cell> => ({
  apply: (parameters, name, x) => change(sound.apply(parameters, name, x), x),
  read: () => ({ sums: null, powers: null, gate: null }),
});

/** Twice x, with the gradient of x. */
const wronglyTwice = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((y) => ({
    value: tf.mul(y as tf.Tensor, 2),
    gradFunc: (dy: tf.Tensor) => dy,
  }))(x);

/** Says of what is tiny that it does not change. */
const rightUnlessTiny = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((y, save) => {
    (save as (tensors: tf.Tensor[]) => void)([y as tf.Tensor]);
    return {
      value: tf.mul(y as tf.Tensor, 1),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        tf.mul(dy, tf.cast(tf.greater(tf.abs(saved[0]!), 1e-4), 'float32')),
    };
  })(x);

const sumOf = (parameters: Tensors, name: string): tf.Tensor =>
  tf.sum(parameters[`${name}/w`]!, [-2, -1], true);

const broken: readonly [rule: string, problem: RegExp, change: Partial<Cell>][] = [
  [
    'parameters',
    /^a parameter of the cell layer\/c is called c\/w$/,
    {
      parameters: (_, inputs, outputs) => sound.parameters('c', inputs, outputs),
    },
  ],
  [
    'parameters',
    /^c\/w\[0\] is first .* and then .*, drawn from the same numbers$/,
    {
      parameters: (name, inputs, outputs) => [
        {
          ...sound.parameters(name, inputs, outputs)[0]!,
          initial: () => new Float32Array(inputs * outputs).fill(++calls),
        },
      ],
    },
  ],
  [
    'sizes',
    /^apply returns \[1,1\], not \[1,2\], for x \[1,3\]$/,
    giving((y) => tf.sum(y, -1, true)),
  ],
  [
    'sizes',
    /^distanceFromWhole is -/,
    { distanceFromWhole: (...given) => tf.neg(sound.distanceFromWhole(...given)) },
  ],
  ['pure', /^number 0 of y is .* and .*$/, giving((y) => tf.add(y, ++calls))],
  [
    'rows-apart',
    /^number 0 of y is .*, in a batch of 4 and alone$/,
    giving((y) => tf.sub(y, tf.mean(y, -2, true))),
  ],
  [
    'batch',
    /^number 0 of y is .*, of 3 models together and of one alone$/,
    {
      apply(parameters, name, x) {
        const sums = sumOf(parameters, name);
        return tf.add(sound.apply(parameters, name, x), tf.mean(sums, 0, true));
      },
      read: () => ({ sums: null, powers: null, gate: null }),
    },
  ],
  [
    'batch',
    /^distanceFromWhole returns \[\], not \[3\], for 3 models$/,
    { distanceFromWhole: (p, name) => tf.mean(sound.distanceFromWhole(p, name)) },
  ],
  [
    'finite',
    /^y is NaN for x = 0, 0, 0$/,
    giving((y, x) => tf.mul(y, tf.log(tf.sum(tf.abs(x), -1, true)))),
  ],
  [
    'finite',
    /^with 100 inputs, y is -?Infinity for x = /,
    giving((y, x) => tf.add(y, tf.exp(tf.mul(tf.sum(tf.abs(x), -1, true), 1e-6)))),
  ],
  [
    'finite',
    /^the gradient by x is NaN$/,
    giving((y, x) => tf.add(y, tf.mul(x.sum(-1, true), tf.sqrt(tf.sum(tf.square(x), -1, true))))),
  ],
  [
    'gradients',
    /^for x = .* the gradient by c\/w\[0\] is .*, but the slope /,
    giving(wronglyTwice),
  ],
  [
    'gradients',
    /^for x = 0.000001, -0.000002, .* the gradient by c\/w\[0\] is 0, but the slope /,
    giving(rightUnlessTiny),
  ],
  [
    'gradients',
    /^y does not depend on c\/unused$/,
    {
      parameters: (name, inputs, outputs) => [
        ...sound.parameters(name, inputs, outputs),
        { name: `${name}/unused`, shape: [1], initial: uniform(0, 1) },
      ],
      round(parameters, name, inputs) {
        sound.round(parameters, name, inputs);
        parameters[`${name}/unused`]!.fill(1);
      },
    },
  ],
  [
    'compiled',
    /it reads the value of a tensor/,
    giving((y, x) => (x.dataSync()[0]! > 1e7 ? tf.neg(y) : y)),
  ],
  [
    'compiled',
    /it uses the size of the dynamic dimension as a number/,
    giving((y, x) => tf.div(tf.mul(y, x.shape.at(-2)!), x.shape.at(-2)!)),
  ],
  ['round', /^once rounded, distanceFromWhole is still 0\.\d+$/, { round: () => {} }],
  [
    'round',
    /^rounded once c\/w\[0\] is -?\d+, and rounded twice -?\d+$/,
    {
      round: (parameters, name) => {
        const w = parameters[`${name}/w`]!;
        for (const [i, value] of w.entries()) w[i] = Math.abs(value) === 1 ? 0 : 1;
      },
    },
  ],
  [
    'round',
    /^once rounded, read gives 0.3 among its sums$/,
    { read: (p, name) => ({ ...sound.read(p, name, 1), sums: p[`${name}/w`]!.map(() => 0.3) }) },
  ],
  [
    'read',
    /^output \d for x = .* is .*, but what read returns gives .*$/,
    { read: (p, name) => ({ ...sound.read(p, name, 1), sums: p[`${name}/w`]!.map((w) => -w) }) },
  ],
  [
    'read',
    /^its sums must be null or a Float32Array of 6 numbers$/,
    { read: (...given) => ({ ...sound.read(...given), sums: new Float32Array(1) }) },
  ],
];
let calls = 0;

test.each(broken)('%s alone is broken where %s', async (rule, problem, change) => {
  const { ok, rules } = await checkCell({ ...sound, ...change });
  const found = rules.filter(({ outcome }) => outcome === 'broken');
  expect(found.map(({ id }) => id)).toEqual([rule]);
  expect(found[0]!.problem).toMatch(problem);
  expect(found[0]!.advice).toMatch(/\w/);
  expect(ok).toBe(false);
});

test('every rule is broken by one of these', () => {
  const ids = new Set(broken.map(([rule]) => rule));
  expect(cellRules.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([]);
});

test.each([sound, ...cells].map((cell) => [cell.id, cell] as const))(
  '%s keeps every rule',
  async (_, cell) => {
    const { rules } = await checkCell(cell);
    expect(rules.filter(({ outcome }) => outcome !== 'kept')).toEqual([]);
  },
);
