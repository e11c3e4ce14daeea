import { DYNAMIC, type Program, type TensorSpec } from './compiler/program.ts';
import type { EngineName, Feeds, Runner } from './engines/engine.ts';
import { loadOn } from './engines/index.ts';
import {
  initialise,
  layoutOf,
  type ParameterLayout,
  type ParameterSpec,
  views,
} from './parameters.ts';
import * as tf from './tf.ts';
import { tracedAdam } from './traced-adam.ts';

/** A small model, written so that M copies of it are one graph: each tensor has a first dimension M, or belongs to all copies. */
export interface BatchedModel {
  readonly name: string;
  /** Of one copy. */
  readonly parameters: readonly ParameterSpec[];
  /** What a step of training reads; each shape as the copies together have it. */
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  /** @param parameters [M, …] each @returns the loss of each copy, [M]; no copy may look at another */
  loss(parameters: Record<string, tf.Tensor>, inputs: Record<string, tf.Tensor>): tf.Tensor1D;
}

const ADAM = { adamBeta1: 0.9, adamBeta2: 0.999, epsilon: 1e-8 };
/** Its running means. */
const SLOTS = ['mean', 'square'] as const;
const slotName = (slot: string): string => `slot/${slot}`;
const nextSlotName = (slot: string): string => `nextSlot/${slot}`;

/**
 * Trains M copies of a model at once with Adam (Kingma and Ba 2015), as one compiled graph. A copy's first parameters depend on its own
 * seed alone, and what it learns on its own inputs alone: a copy that diverges leaves the others the same bits.
 */
export class ModelBatch {
  /** Steps made so far. */
  count = 0;
  /** The parameters of all copies: for each parameter in turn, those of copy 1, of copy 2, and so on. */
  parameters: Float32Array;
  #slots: Record<string, Float32Array>;
  readonly #step: Runner;
  readonly #layout: ParameterLayout;
  readonly #seeds: readonly (string | number)[];

  private constructor(model: BatchedModel, seeds: readonly (string | number)[], step: Runner) {
    this.#step = step;
    this.#seeds = seeds;
    this.#layout = batchLayout(model.parameters, seeds.length);
    this.parameters = firstOfCopies(model.parameters, seeds);
    this.#slots = Object.fromEntries(
      SLOTS.map((slot) => [slot, new Float32Array(this.#layout.size)]),
    );
  }

  /** @param seeds one for each copy @throws EngineUnavailable */
  static async create(
    model: BatchedModel,
    seeds: readonly (string | number)[],
    engine: EngineName = 'onnx',
  ): Promise<ModelBatch> {
    return new ModelBatch(model, seeds, await loadOn(engine, stepProgram(model, seeds.length)));
  }

  /** One step of each copy. @returns the loss of each before the step, [M] */
  async step(inputs: Feeds, learningRate: number): Promise<Float32Array> {
    const results = await this.#step.run({
      ...inputs,
      parameters: this.parameters,
      ...Object.fromEntries(Object.entries(this.#slots).map(([s, mean]) => [slotName(s), mean])),
      learningRate: Float32Array.of(learningRate),
      count: Float32Array.of(this.count + 1),
    });
    this.parameters = results.nextParameters!;
    for (const slot of Object.keys(this.#slots)) this.#slots[slot] = results[nextSlotName(slot)]!;
    this.count += 1;
    return results.losses!;
  }

  /** The parameters of one copy, by name; copies of them. */
  copy(index: number): Record<string, Float32Array> {
    const own = copyViews(this.#layout, this.#seeds.length, this.parameters, index);
    return Object.fromEntries(Object.entries(own).map(([name, values]) => [name, values.slice()]));
  }

  /** Sets the parameters of one copy, such as rounded ones. */
  setCopy(index: number, parameters: Readonly<Record<string, Float32Array>>): void {
    const own = copyViews(this.#layout, this.#seeds.length, this.parameters, index);
    for (const [name, values] of Object.entries(own)) values.set(parameters[name]!);
  }

  /** All that the next step depends on, to be saved and given back to {@link restore}. */
  get state(): { count: number; parameters: Float32Array; slots: Record<string, Float32Array> } {
    return { count: this.count, parameters: this.parameters, slots: this.#slots };
  }

  restore({ count, parameters, slots }: ModelBatch['state']): void {
    this.count = count;
    this.parameters = parameters.slice();
    this.#slots = Object.fromEntries(Object.entries(slots).map(([s, mean]) => [s, mean.slice()]));
  }

  dispose(): Promise<void> {
    return this.#step.dispose();
  }
}

/** Where the parameters of M copies stand in their vector. */
export const batchLayout = (specs: readonly ParameterSpec[], M: number): ParameterLayout =>
  layoutOf(specs.map(({ name, shape }) => ({ name, shape: [M, ...shape] })));

/** The parameters with which copies begin, each by its own seed, in one vector. @returns [M · P] */
export function firstOfCopies(
  specs: readonly ParameterSpec[],
  seeds: readonly (string | number)[],
): Float32Array<ArrayBuffer> {
  const M = seeds.length;
  const layout = batchLayout(specs, M);
  const all = new Float32Array(layout.size);
  const one = layoutOf(specs);
  const vector = new Float32Array(one.size);
  for (const [m, seed] of seeds.entries()) {
    initialise(specs, seed, vector);
    const own = copyViews(layout, M, all, m);
    for (const [name, values] of Object.entries(views(one, vector))) own[name]!.set(values);
  }
  return all;
}

/** The parameters of copy `m` by name, as views: writing to one writes to the vector of all copies. */
export function copyViews(
  layout: ParameterLayout,
  M: number,
  vector: Float32Array,
  m: number,
): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(views(layout, vector)).map(([name, all]) => {
      const size = all.length / M;
      return [name, all.subarray(m * size, (m + 1) * size)];
    }),
  );
}

/** The parameters of all copies by name, out of the flat vector. */
function unpack(specs: readonly ParameterSpec[], M: number, vector: tf.Tensor1D) {
  const { slots } = batchLayout(specs, M);
  // TensorFlow.js has no gradient of a split into one.
  const sizes = slots.map(({ size }) => size);
  const parts = slots.length === 1 ? [vector] : tf.split(vector, sizes);
  return Object.fromEntries(
    slots.map(({ name, shape }, i) => [name, tf.reshape(parts[i]!, [...shape])]),
  );
}

/** One step: parameters and Adam's means [M · P], learningRate [], count [] and the model's inputs → all of them stepped, losses [M]. */
function stepProgram(model: BatchedModel, M: number): Program {
  const { size } = batchLayout(model.parameters, M);
  const vector: TensorSpec = { shape: [size], dtype: 'float32' };
  const scalar: TensorSpec = { shape: [], dtype: 'float32' };
  return {
    name: `${model.name} step`,
    inputs: {
      ...model.inputs,
      parameters: vector,
      ...Object.fromEntries(SLOTS.map((slot) => [slotName(slot), vector])),
      learningRate: scalar,
      count: scalar,
    },
    outputs: ['nextParameters', ...SLOTS.map(nextSlotName), 'losses'],
    run(inputs) {
      let losses: tf.Tensor1D | undefined;
      const gradient = tf.grad((flat) => {
        losses = tf.keep(model.loss(unpack(model.parameters, M, flat as tf.Tensor1D), inputs));
        return tf.sum(losses);
      })(inputs.parameters!) as tf.Tensor1D;
      const [mean, square] = SLOTS.map((slot) => inputs[slotName(slot)] as tf.Tensor1D);
      const next = tracedAdam(
        ADAM,
        inputs.parameters as tf.Tensor1D,
        gradient,
        { mean: mean!, square: square! },
        inputs.learningRate as tf.Scalar,
        inputs.count as tf.Scalar,
      );
      return {
        nextParameters: next.parameters,
        ...Object.fromEntries(SLOTS.map((slot) => [nextSlotName(slot), next[slot]])),
        losses: losses!,
      };
    },
  };
}

/**
 * What each copy answers: parameters [M · P], x [M, N, I] for any N → y.
 * @param apply from parameters [M, …] and x to y [M, N, O]
 */
export function answerProgram(
  name: string,
  specs: readonly ParameterSpec[],
  M: number,
  inputs: number,
  apply: (parameters: Record<string, tf.Tensor>, x: tf.Tensor) => tf.Tensor,
): Program {
  return {
    name: `${name} answer`,
    inputs: {
      parameters: { shape: [batchLayout(specs, M).size], dtype: 'float32' },
      x: { shape: [M, DYNAMIC, inputs], dtype: 'float32' },
    },
    outputs: ['y'],
    run: ({ parameters, x }) => ({
      y: apply(unpack(specs, M, parameters as tf.Tensor1D), x!),
    }),
  };
}
