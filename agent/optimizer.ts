import type { Engine, EngineName, Feeds, Runner } from './engines/engine.ts';
import { loadOn } from './engines/index.ts';
import { nextSlotName, shardName, slotName } from './names.ts';
import type { Recipe } from './programs.ts';

type Means = Record<string, Float32Array>;

/** Steps the parameters by the sum of the shards' gradients. */
export class Optimizer {
  /** Steps made so far. */
  count = 0;
  readonly #update: Runner;
  readonly #parameters: Float32Array;
  readonly #gradients: readonly Float32Array[];
  /** What the update is fed, always the same buffers: new ones of several megabytes are slow to allocate. */
  readonly #fed: { parameters: Float32Array; gradients: readonly Float32Array[] };
  #slots: Means;

  private constructor(
    update: Runner,
    slots: readonly string[],
    parameters: Float32Array,
    gradients: readonly Float32Array[],
  ) {
    const vector = (): Float32Array => new Float32Array(parameters.length);
    this.#update = update;
    this.#parameters = parameters;
    this.#gradients = gradients;
    this.#fed = { parameters: vector(), gradients: gradients.map(vector) };
    this.#slots = Object.fromEntries(slots.map((slot) => [slot, vector()]));
  }

  /**
   * @param parameters the flat vector that steps change in place
   * @param gradients one flat vector for each shard
   */
  static async create(
    recipe: Recipe,
    engine: EngineName | Engine,
    parameters: Float32Array,
    gradients: readonly Float32Array[],
  ): Promise<Optimizer> {
    const { programsFor } = await import('./programs.ts');
    const { optimizers } = await import('./optimizers.ts');
    const program = programsFor(recipe).update(gradients.length);
    const runner = await loadOn(engine, program);
    const { slots } = optimizers[recipe.config.optimizer];
    return new Optimizer(runner, slots, parameters, gradients);
  }

  /** The optimiser's running means by name, each of the parameters' length; valid until the next step. */
  get slots(): Readonly<Means> {
    return this.#slots;
  }

  /** Makes one step. @returns the gradient's global norm before clipping; the step is not made if it is not finite */
  async step(learningRate: number): Promise<number> {
    const feeds: Feeds = {
      parameters: this.#fed.parameters,
      learningRate: Float32Array.of(learningRate),
      count: Float32Array.of(this.count + 1),
    };
    // ONNX Runtime takes no shared memory, which is what the shards write their gradients to.
    this.#fed.parameters.set(this.#parameters);
    for (const [shard, gradient] of this.#gradients.entries()) {
      const fed = this.#fed.gradients[shard]!;
      fed.set(gradient);
      feeds[shardName(shard)] = fed;
    }
    for (const [name, mean] of Object.entries(this.#slots)) {
      feeds[slotName(name)] = mean;
    }
    const results = await this.#update.run(feeds);
    const norm = results.gradientNorm![0]!;
    if (!Number.isFinite(norm)) return norm;
    this.#parameters.set(results.nextParameters!);
    for (const name of Object.keys(this.#slots)) this.#slots[name] = results[nextSlotName(name)]!;
    this.count += 1;
    return norm;
  }
}
