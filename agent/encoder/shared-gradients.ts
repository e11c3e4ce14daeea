import type { Results } from '../engines/engine.ts';
import { BackwardPass } from './backward-pass.ts';
import type { Numbering } from './numbering.ts';
import type { SharedLayer } from './shared-layer.ts';

/**
 * The backward pass through distinct rows: the gradient of each is summed over all places where it stands. It covers the frames
 * seen since the encoder forgot, in order of first sight, and nothing else, so sums have an order that does not depend on what
 * came before.
 */
export class SharedGradients {
  /** The last layer's first. */
  readonly #passes: readonly BackwardPass[];
  readonly #into: Results;

  /** @param into the gradients of the encoder's parameters, by the names that programs give them */
  constructor(layers: readonly SharedLayer[], into: Results) {
    this.#into = into;
    const passes: BackwardPass[] = [];
    for (const layer of layers) passes.push(new BackwardPass(layer, passes.at(-1)));
    this.#passes = passes.toReversed();
  }

  /** The frames seen. */
  get frames(): Numbering {
    return this.#passes[0]!.rows;
  }

  clear(): void {
    for (const { rows } of this.#passes) rows.clear();
  }

  /** @param driveGradient float32 [frames, driveSize] */
  async compute(
    parameters: Readonly<Record<string, Float32Array>>,
    driveGradient: Float32Array,
  ): Promise<void> {
    if (this.frames.count === 0) {
      for (const gradient of Object.values(this.#into)) gradient.fill(0);
      return;
    }
    let gradient = driveGradient;
    for (const pass of this.#passes) gradient = await pass.run(parameters, gradient, this.#into);
  }
}
