import type { CompiledProgram } from './compiler/compile.ts';
import type { EngineName, Feeds, Results, Runner } from './engines/engine.ts';
import { loadEngine } from './engines/index.ts';
import { nextSlotName, shardName, slotName } from './names.ts';
import type { Recipe } from './programs.ts';

/** Steps the parameters by the sum of the shards' gradients. */
export class Optimizer {
  /** The optimiser's running means by name, each of the parameters' length. */
  readonly slots: Readonly<Record<string, Float32Array>>;
  /** Steps made so far. */
  count = 0;
  readonly #update: Runner;
  readonly #parameters: Float32Array;
  readonly #next: Float32Array;
  readonly #gradients: readonly Float32Array[];

  private constructor(
    update: Runner,
    slots: readonly string[],
    parameters: Float32Array,
    gradients: readonly Float32Array[],
  ) {
    this.#update = update;
    this.#parameters = parameters;
    this.#next = new Float32Array(parameters.length);
    this.slots = Object.fromEntries(slots.map((s) => [s, new Float32Array(parameters.length)]));
    this.#gradients = gradients;
  }

  /**
   * @param parameters the flat vector that steps change in place
   * @param gradients one flat vector for each shard
   */
  static async create(
    recipe: Recipe,
    engineName: EngineName,
    parameters: Float32Array,
    gradients: readonly Float32Array[],
  ): Promise<Optimizer> {
    const engine = await loadEngine(engineName);
    const { programsFor } = await import('./programs.ts');
    const { optimizers } = await import('./optimizers.ts');
    const program = programsFor(recipe).update(gradients.length);
    let runner: Runner;
    if (engine.kind === 'eager') runner = await engine.load(program);
    else {
      const { compile } = await import('./compiler/compile.ts');
      const compiled: CompiledProgram = compile(program);
      runner = await engine.load(compiled);
    }
    const { slots } = optimizers[recipe.config.optimizer];
    return new Optimizer(runner, slots, parameters, gradients);
  }

  /** Makes one step. @returns the gradient's global norm before clipping; the step is not made if it is not finite */
  async step(learningRate: number): Promise<number> {
    const feeds: Feeds = {};
    // ONNX Runtime takes no shared memory, which is what the shards write their gradients to.
    for (const [shard, gradient] of this.#gradients.entries()) {
      feeds[shardName(shard)] = gradient.slice();
    }
    const into: Results = { nextParameters: this.#next };
    for (const [name, mean] of Object.entries(this.slots)) feeds[slotName(name)] = mean;
    const results = await this.#update.run(
      {
        parameters: this.#parameters.slice(),
        ...feeds,
        learningRate: Float32Array.of(learningRate),
        count: Float32Array.of(this.count + 1),
      },
      into,
    );
    const norm = results.gradientNorm![0]!;
    if (!Number.isFinite(norm)) return norm;
    this.#parameters.set(this.#next);
    for (const [name, mean] of Object.entries(this.slots)) mean.set(results[nextSlotName(name)]!);
    this.count += 1;
    return norm;
  }
}
