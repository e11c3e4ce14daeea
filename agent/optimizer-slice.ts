import type { AgentConfig } from './config.ts';
import { plainLoops, type VectorLoops } from './loops/loops.ts';
import { simdLoops, type VectorMemory } from './loops/vector-memory.ts';
import { type OptimizerRule, type OptimizerStep, optimizers } from './optimizers.ts';

/** What an optimiser works on: float32 [P] each, in shared memory where several threads step a slice each. */
export interface OptimizerVectors {
  readonly parameters: Float32Array;
  /** One for each shard. Every step adds all of them up in the first. */
  readonly gradients: readonly Float32Array[];
  /** The optimiser's running means, by name. */
  readonly slots: Readonly<Record<string, Float32Array>>;
  /** What all of them lie in, where that is so: steps are then faster, with the same bits. */
  readonly memory?: VectorMemory | undefined;
}

/** A part of a vector: the elements from `start` to before `end`. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/** Slices begin at whole cache lines, so that no two threads write to the same one. */
const LINE = 16;

/** Cuts a vector into `count` slices, as equal as whole cache lines allow. */
export function cut(length: number, count: number): Slice[] {
  const lines = Math.ceil(length / LINE);
  const bound = (i: number): number => Math.min(length, LINE * Math.floor((lines * i) / count));
  return Array.from({ length: count }, (_, i) => ({ start: bound(i), end: bound(i + 1) }));
}

/** The optimiser's work on a slice of the parameters. Slices touch nothing of each other's, so threads may work on them at the same time. */
export class OptimizerSlice {
  readonly #config: AgentConfig;
  readonly #rule: OptimizerRule;
  readonly #loops: VectorLoops;
  readonly #parameters: Float32Array;
  readonly #gradient: Float32Array;
  readonly #otherGradients: readonly Float32Array[];
  readonly #means: Readonly<Record<string, Float32Array>>;

  constructor(config: AgentConfig, vectors: OptimizerVectors, { start, end }: Slice) {
    const part = (vector: Float32Array): Float32Array => vector.subarray(start, end);
    const [gradient, ...others] = vectors.gradients.map(part);
    this.#config = config;
    this.#rule = optimizers[config.optimizer];
    this.#loops = vectors.memory ? simdLoops(vectors.memory) : plainLoops;
    this.#parameters = part(vectors.parameters);
    this.#gradient = gradient!;
    this.#otherGradients = others;
    this.#means = Object.fromEntries(
      Object.entries(vectors.slots).map(([name, mean]) => [name, part(mean)]),
    );
  }

  /** Adds up the shards' gradients in their order, in the first. @returns the sum's squared norm */
  sumGradients(): number {
    for (const other of this.#otherGradients) this.#loops.add(this.#gradient, other);
    return this.#loops.squaredNorm(this.#gradient);
  }

  /** Steps parameters and means by the sum of the gradients. */
  step(step: OptimizerStep): void {
    const vectors = [this.#parameters, this.#gradient, this.#means] as const;
    this.#rule.step(this.#config, ...vectors, step, this.#loops);
  }
}
