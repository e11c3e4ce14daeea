import type { Feeds, Results } from '../engines/engine.ts';
import { grown } from './grow.ts';
import { pick, placesOf } from './looks.ts';
import { Numbering } from './numbering.ts';
import type { SharedLayer } from './shared-layer.ts';

/** The backward pass through one layer, over the rows that the seen frames consist of. */
export class BackwardPass {
  /** These rows, in order of first sight. */
  readonly rows = new Numbering();
  readonly #layer: SharedLayer;
  /** The pass through the layer that these rows look at; the first looks at pixels. */
  readonly #below: BackwardPass | undefined;
  #pixels = new Uint8Array(0);
  #looks = new Int32Array(0);
  #output = new Float32Array(0);
  #gradient = new Float32Array(0);

  constructor(layer: SharedLayer, below: BackwardPass | undefined) {
    this.#layer = layer;
    this.#below = below;
  }

  /**
   * Gives the gradients of the layer's parameters, and of what the layer below gave.
   * @param gradient of what the layer gave for its rows
   * @returns that of what the layer below gave for the rows that these look at, which are now those of its pass
   */
  async run(
    parameters: Readonly<Record<string, Float32Array>>,
    gradient: Float32Array,
    into: Results,
  ): Promise<Float32Array> {
    const layer = this.#layer;
    this.#number();
    const feeds: Feeds = {
      ...parameters,
      ...this.#seen(),
      [layer.outputs[0]!.name]: this.#outputs(),
      [layer.gradient]: gradient,
    };
    const below = this.#below?.gradients();
    await layer.backward.run(feeds, below ? { ...into, belowGradient: below } : into);
    return below ?? gradient;
  }

  /** Room for the gradient of what the layer gives. */
  gradients(): Float32Array {
    const length = this.rows.count * this.#layer.outputs[0]!.size;
    this.#gradient = grown(this.#gradient, length);
    return this.#gradient.subarray(0, length);
  }

  /** Numbers the rows below that these look at. */
  #number(): void {
    const { tuples, looks } = this.#layer;
    const { ids, count } = this.rows;
    this.#below?.rows.clear();
    this.#below?.rows.addAll(tuples, looks, ids, 0, count);
  }

  /** What the rows look at: pixels, or rows below. */
  #seen(): Feeds {
    const layer = this.#layer;
    const { ids, count } = this.rows;
    const length = count * layer.looks;
    const below = this.#below;
    if (!below) {
      this.#pixels = grown(this.#pixels, length);
      layer.pickRows(this.#pixels, ids, 0, count);
      return { rows: this.#pixels.subarray(0, length) };
    }
    this.#looks = grown(this.#looks, length);
    const { tuples, looks } = layer;
    placesOf(this.#looks, ids, 0, count, { tuples, looks, plusOne: below.rows.plusOne });
    return { below: below.#outputs(), looks: this.#looks.subarray(0, length) };
  }

  /** What the layer gave for the rows. */
  #outputs(): Float32Array {
    const { outputs, computed } = this.#layer;
    const [{ size, values }] = outputs as [SharedLayer['outputs'][number]];
    const { ids, count } = this.rows;
    this.#output = grown(this.#output, count * size);
    pick(this.#output, ids, 0, count, values, size, computed.plusOne);
    return this.#output.subarray(0, count * size);
  }
}
