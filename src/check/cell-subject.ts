import type { Cell } from '../../agent/cells/cell.ts';
import type { Program, TensorSpec } from '../../agent/compiler/program.ts';
import type { EngineName, Feeds, Results } from '../../agent/engines/engine.ts';
import { loadOn } from '../../agent/engines/index.ts';
import { initialise, layoutOf, type ParameterSpec, views } from '../../agent/parameters.ts';
import * as tf from '../../agent/tf.ts';
import { Random } from '../../env/index.ts';

/** Rows of a batch. */
export const B = 4;

/** Parameters of one model, by name. */
export type CellParameters = Readonly<Record<string, Float32Array>>;

/** What a cell gives for a batch: y, row by row, and how far its weights are from whole ones. */
export interface CellAnswer {
  readonly y: Float32Array;
  readonly distance: Float32Array;
}

/** What several models give together, and the derivatives of Σ weights · y + share · Σ distance by all parameters and by x. */
export interface BatchAnswer extends CellAnswer {
  readonly gradients: Results;
}

/** A cell with I inputs and O outputs, called `c`, with parameters and inputs drawn from a fixed seed, to be tried by the rules. */
export class CellSubject {
  readonly cell: Cell;
  /** Inputs and outputs. */
  readonly I: number;
  readonly O: number;
  readonly specs: readonly ParameterSpec[];
  readonly #random = new Random('cell check');

  constructor(cell: Cell, I: number, O: number) {
    this.cell = cell;
    this.I = I;
    this.O = O;
    this.specs = cell.parameters('c', I, O);
  }

  /** Uniform numbers. */
  floats(length: number, least: number, greatest: number): Float32Array {
    return Float32Array.from({ length }, () => least + (greatest - least) * this.#random.uniform());
  }

  /** Parameters as they are drawn first. */
  drawn(seed: number): CellParameters {
    const layout = layoutOf(this.specs);
    const vector = new Float32Array(layout.size);
    initialise(this.specs, `check ${seed}`, vector);
    return views(layout, vector);
  }

  /** Parameters as a training may leave them: the first ones, each moved by up to 1.5. */
  moved(seed: number): CellParameters {
    const parameters = this.drawn(seed);
    for (const values of Object.values(parameters)) {
      const steps = this.floats(values.length, -1.5, 1.5);
      for (const [i, step] of steps.entries()) values[i]! += step;
    }
    return parameters;
  }

  rounded(seed: number): CellParameters {
    const parameters = this.moved(seed);
    this.cell.round(parameters, 'c', this.I);
    return parameters;
  }

  /** One model, on the reference engine. @param x [rows, I] */
  async answer(parameters: CellParameters, x: Float32Array): Promise<CellAnswer> {
    const rows = x.length / this.I;
    const { y, distance } = await run('cpu', this.#program([rows, this.I], []), {
      ...prefixed(parameters),
      x,
    });
    return { y: y!, distance: distance! };
  }

  /** Several models as one. @param x [M, rows, I] */
  async answers(models: readonly CellParameters[], x: Float32Array): Promise<CellAnswer> {
    const M = models.length;
    const shape = [M, x.length / M / this.I, this.I];
    const feeds = { ...prefixed(stacked(models)), x };
    const { y, distance } = await run('cpu', this.#program(shape, [M]), feeds);
    return { y: y!, distance: distance! };
  }

  /** The same, with gradients. @param weights of y @param share of the distance from whole weights */
  async gradients(
    models: readonly CellParameters[],
    x: Float32Array,
    weights: Float32Array,
    share = 1,
    engine: EngineName = 'cpu',
  ): Promise<BatchAnswer> {
    const M = models.length;
    const rows = x.length / M / this.I;
    const { inputs, run: apply } = this.#program([M, rows, this.I], [M]);
    const names = Object.keys(inputs);
    const { y, distance, ...gradients } = await run(
      engine,
      {
        name: 'its gradient',
        inputs: { ...inputs, weights: float(M, rows, this.O) },
        outputs: ['y', 'distance', ...names.map((name) => `d ${name}`)],
        run(all) {
          let last: Record<string, tf.Tensor> = {};
          const total = (...values: tf.Tensor[]): tf.Scalar => {
            last = apply(Object.fromEntries(names.map((name, i) => [name, values[i]!])));
            for (const tensor of Object.values(last)) tf.keep(tensor);
            const loss = tf.add(
              tf.sum(tf.mul(last.y!, all.weights!)),
              tf.mul(tf.sum(last.distance!), share),
            );
            // TensorFlow.js refuses a gradient by what nothing depends on, without saying by what.
            const nothing = values.map((value) => tf.mul(tf.sum(value), 0));
            return tf.addN([loss, ...nothing]) as tf.Scalar;
          };
          const slopes = tf.grads(total)(names.map((name) => all[name]!));
          return {
            ...last,
            ...Object.fromEntries(names.map((name, i) => [`d ${name}`, slopes[i]!])),
          };
        },
      },
      { ...prefixed(stacked(models)), x, weights },
    );
    return {
      y: y!,
      distance: distance!,
      gradients: Object.fromEntries(
        Object.entries(gradients).map(([name, values]) => [name.replace(/^d (p )?/, ''), values]),
      ),
    };
  }

  /** Parameters are inputs under their names with `p ` before them, so that one may be called x. */
  #program(shape: readonly number[], batch: readonly number[]): Program {
    const { cell, specs, O } = this;
    return {
      name: 'the cell',
      inputs: {
        ...Object.fromEntries(
          specs.map((spec) => [`p ${spec.name}`, float(...batch, ...spec.shape)]),
        ),
        x: float(...shape),
      },
      outputs: ['y', 'distance'],
      run({ x, ...rest }) {
        const parameters = Object.fromEntries(
          Object.entries(rest).map(([name, tensor]) => [name.slice(2), tensor]),
        );
        const y = cell.apply(parameters, 'c', x!);
        const distance = cell.distanceFromWhole(parameters, 'c');
        requireShape('apply', y, [...shape.slice(0, -1), O], `x [${shape}]`);
        const what = batch.length > 0 ? `${batch} models` : 'one model';
        requireShape('distanceFromWhole', distance, batch, what);
        return { y, distance };
      },
    };
  }
}

function requireShape(
  name: string,
  tensor: tf.Tensor,
  expected: readonly number[],
  given: string,
): void {
  if (`${tensor.shape}` === `${expected}`) return;
  throw new Error(`${name} returns [${tensor.shape}], not [${expected}], for ${given}`);
}

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });

const prefixed = (parameters: CellParameters): Feeds =>
  Object.fromEntries(Object.entries(parameters).map(([name, values]) => [`p ${name}`, values]));

/** The parameters of several models, one after another. */
const stacked = (models: readonly CellParameters[]): CellParameters =>
  Object.fromEntries(
    Object.keys(models[0]!).map((name) => [name, concat(models.map((model) => model[name]!))]),
  );

export function concat(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

async function run(engine: EngineName, program: Program, feeds: Feeds): Promise<Results> {
  const runner = await loadOn(engine, program);
  try {
    return await runner.run(feeds);
  } finally {
    await runner.dispose();
  }
}
