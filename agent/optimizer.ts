import type { AgentConfig } from './config.ts';
import { sharedVectors } from './loops/vector-memory.ts';
import { OptimizerSlice, type OptimizerVectors } from './optimizer-slice.ts';
import { type OptimizerStep, optimizers } from './optimizers.ts';

/** Has every slice of the parameters worked on: by one thread, or by several at the same time. */
export interface OptimizerSlices {
  /** Adds up the gradients. @returns the squared norm of each slice of the sum */
  sumGradients(): Promise<readonly number[]>;
  /** Steps each slice by that sum. */
  step(step: OptimizerStep): Promise<unknown>;
}

/** Steps the parameters by the sum of the shards' gradients, clipped by its norm. */
export class Optimizer {
  /** Steps made so far. */
  count = 0;
  /** The optimiser's running means by name, each of the parameters' length. */
  readonly slots: OptimizerVectors['slots'];
  readonly #maxGradientNorm: number;
  readonly #slices: OptimizerSlices;

  /**
   * @param slots what the slices are of
   * @param slices of all parameters together
   */
  constructor(
    { maxGradientNorm }: AgentConfig,
    slots: OptimizerVectors['slots'],
    slices: OptimizerSlices,
  ) {
    this.#maxGradientNorm = maxGradientNorm;
    this.slots = slots;
    this.#slices = slices;
  }

  /** An optimiser that does all the work in this thread. */
  static inThisThread(config: AgentConfig, vectors: OptimizerVectors): Optimizer {
    const all = { start: 0, end: vectors.parameters.length };
    const whole = new OptimizerSlice(config, vectors, all);
    return new Optimizer(config, vectors.slots, {
      sumGradients: async () => [whole.sumGradients()],
      step: async (step) => whole.step(step),
    });
  }

  /** Makes one step. @returns the gradient's global norm before clipping; the step is not made if it is not finite */
  async step(learningRate: number): Promise<number> {
    const squaredNorms = await this.#slices.sumGradients();
    const norm = Math.sqrt(squaredNorms.reduce((sum, one) => sum + one, 0));
    if (!Number.isFinite(norm)) return norm;
    const gradientScale = clippingScale(norm, this.#maxGradientNorm);
    await this.#slices.step({ count: this.count + 1, learningRate, gradientScale });
    this.count += 1;
    return norm;
  }
}

/** The running means that a configuration's optimiser starts with, by name. @param zeros makes one */
export const firstSlots = (
  { optimizer }: AgentConfig,
  zeros: () => Float32Array,
): OptimizerVectors['slots'] =>
  Object.fromEntries(optimizers[optimizer].slots.map((slot) => [slot, zeros()]));

/** What an optimiser works on, all zeros, in memory that threads share. @param P parameters @param shards each of which has a gradient */
export function optimizerVectors(config: AgentConfig, P: number, shards: number): OptimizerVectors {
  const names = optimizers[config.optimizer].slots;
  const { vectors, memory } = sharedVectors(P, 1 + shards + names.length);
  const [parameters, ...others] = vectors as [Float32Array, ...Float32Array[]];
  const gradients = others.splice(0, shards);
  return { parameters, gradients, slots: firstSlots(config, () => others.shift()!), memory };
}

/** What makes a gradient of this Euclidean norm have at most the norm `limit`. */
export const clippingScale = (norm: number, limit: number): number => limit / Math.max(norm, limit);
