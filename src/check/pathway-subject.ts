import { compile } from '../../agent/compiler/compile.ts';
import type { Program, TensorSpec, Tensors } from '../../agent/compiler/program.ts';
import type { Feeds, Results, Runner } from '../../agent/engines/engine.ts';
import { loadEngine } from '../../agent/engines/index.ts';
import { initialise, layoutOf, views } from '../../agent/parameters.ts';
import {
  instructionNames,
  type Pathway,
  type PathwaySpec,
  type Seen,
} from '../../agent/pathways/pathway.ts';
import * as tf from '../../agent/tf.ts';
import { Random } from '../../env/index.ts';

/** Rows of a batch. */
export const B = 3;
const ACTIONS = 4;
/** Inputs that gradients are not compared for: a pathway may ignore them. */
const GIVEN = ['instruction', 'sight', 'lastAction'];

/** A pathway for an instruction of k numbers, with parameters and inputs drawn from a fixed seed, to be tried by the rules. */
export class PathwaySubject {
  readonly pathway: Pathway;
  readonly k: number;
  readonly instructionNames: readonly string[];
  readonly #random = new Random('pathway check');
  #parameters: Feeds | undefined;

  constructor(spec: PathwaySpec, options: Readonly<Record<string, unknown>>, k: number) {
    this.k = k;
    this.instructionNames = instructionNames(k);
    this.pathway = spec.create(this.instructionNames, spec.options.parse(options), ACTIONS);
  }

  /** Parameters by name, as they are drawn first. */
  get parameters(): Feeds {
    if (this.#parameters === undefined) {
      const layout = layoutOf(this.pathway.parameters);
      const vector = new Float32Array(layout.size);
      initialise(this.pathway.parameters, 'check', vector);
      this.#parameters = views(layout, vector);
    }
    return this.#parameters;
  }

  /** Uniform numbers. */
  floats(length: number, least: number, greatest: number): Float32Array {
    return Float32Array.from({ length }, () => least + (greatest - least) * this.#random.uniform());
  }

  /** Inputs for a batch: instructions of 0 to 10, states of −2 to 2. */
  inputs(rows: number = B): Feeds {
    return {
      instruction: this.floats(rows * this.k, 0, 10),
      state: this.floats(rows * this.pathway.state.length, -2, 2),
      ...this.#seen(rows),
    };
  }

  /** Sights of −2 to 2, and an action each; nothing where the pathway does not look. */
  #seen(rows: number): Feeds {
    const { sightSize = 0 } = this.pathway;
    if (sightSize === 0) return {};
    const lastAction = new Float32Array(rows * ACTIONS);
    for (let row = 0; row < rows; row++) {
      lastAction[row * ACTIONS + this.#random.integer(0, ACTIONS - 1)] = 1;
    }
    return { sight: this.floats(rows * sightSize, -2, 2), lastAction };
  }

  /** One step on the reference engine. @returns features and state, as far as there are any */
  async step(inputs: Feeds, rows: number = B): Promise<Results> {
    return (await this.load('cpu', rows)).run({ ...this.parameters, ...inputs });
  }

  async load(engineName: 'cpu' | 'onnx', rows: number = B): Promise<Runner> {
    return loadProgram(engineName, this.#program(rows));
  }

  /**
   * Derivatives of Σ weights · outputs by each parameter and by the state, on the reference engine.
   * @param weights of all outputs in order, [rows · (featureSize + S)]
   */
  async gradients(inputs: Feeds, weights: Float32Array): Promise<Results> {
    const program = this.#program(B);
    const names = Object.keys(program.inputs).filter((name) => !GIVEN.includes(name));
    const runner = await loadProgram('cpu', {
      ...program,
      inputs: { ...program.inputs, weights: float(weights.length) },
      outputs: names,
      run(all) {
        const loss = (...values: tf.Tensor[]): tf.Scalar => {
          const given = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
          const outputs = Object.values(program.run({ ...all, ...given }) as Tensors);
          const flat = tf.concat1d(outputs.map((x) => tf.reshape(x, [-1]) as tf.Tensor1D));
          const sum = tf.sum(tf.mul(flat, all.weights!)) as tf.Scalar;
          // The next state need not depend on the last one.
          return given.state ? tf.add(sum, tf.mul(tf.sum(given.state), 0)) : sum;
        };
        const gradients = tf.grads(loss)(names.map((name) => all[name]!));
        return Object.fromEntries(names.map((name, i) => [name, gradients[i]!]));
      },
    });
    return runner.run({ ...this.parameters, ...inputs, weights });
  }

  #program(rows: number): Program {
    const { pathway, k } = this;
    const {
      parameters,
      state: carried,
      featureSize,
      sightSize = 0,
      rewardPrediction = 0,
    } = pathway;
    return {
      name: 'the pathway',
      inputs: {
        ...Object.fromEntries(parameters.map(({ name, shape }) => [name, float(...shape)])),
        ...(k > 0 && { instruction: float(rows, k) }),
        ...(carried.length > 0 && { state: float(rows, carried.length) }),
        ...(sightSize > 0 && {
          sight: float(rows, sightSize),
          lastAction: float(rows, ACTIONS),
        }),
      },
      outputs: [...(featureSize > 0 ? ['features'] : []), ...(carried.length > 0 ? ['next'] : [])],
      run({ instruction = null, state = null, sight, lastAction, ...given }) {
        const out = pathway.apply(
          given,
          instruction as tf.Tensor2D | null,
          state as tf.Tensor2D | null,
          sight ? ({ sight, lastAction } as Seen) : null,
        );
        const sizes = { features: featureSize, state: carried.length };
        for (const [name, size] of Object.entries(sizes) as ['features' | 'state', number][]) {
          const shape = out[name]?.shape ?? [rows, 0];
          if (shape.length === 2 && shape[0] === rows && shape[1] === size) continue;
          throw new Error(`apply returns ${name} [${shape}], not [${rows},${size}]`);
        }
        const told = out.rewarded?.shape ?? [];
        if (rewardPrediction > 0 && !(told.length === 2 && told[0] === rows && told[1]! > 0)) {
          throw new Error(
            `apply returns rewarded [${told}], not [${rows},1] or more: rewardPrediction asks for it`,
          );
        }
        return {
          ...(out.features && { features: out.features }),
          ...(out.state && { next: out.state }),
        };
      },
    };
  }
}

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });

async function loadProgram(engineName: 'cpu' | 'onnx', program: Program): Promise<Runner> {
  const engine = await loadEngine(engineName);
  return engine.kind === 'eager' ? engine.load(program) : engine.load(compile(program));
}
