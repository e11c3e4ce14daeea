import type { Feeds, Results, Runner } from '../engines/engine.ts';
import { gradientName } from '../names.ts';
import type { EncoderSettings, LearningEncoder } from './encoder.ts';
import { FrameTable } from './frame-table.ts';

/** What learning needs besides: without it, an encoder keeps no layer's output and has no gradients. */
export interface PlainLearning {
  /** The program `encodeBackward`. */
  readonly backward: Runner;
  /** Numbers of each layer's output, by name. */
  readonly layerSizes: Readonly<Record<string, number>>;
  /** By name of the encoder's parameters: what receives their gradients. */
  readonly gradients: Readonly<Record<string, Float32Array>>;
}

/** Convolves each distinct frame whole. */
export class PlainEncoder implements LearningEncoder {
  readonly #settings: EncoderSettings;
  readonly #oneByOne: boolean;
  readonly #encode: Runner;
  readonly #backward: Runner | undefined;
  readonly #into: Results;
  readonly #frames: FrameTable;
  /** What encoding made of each frame, by name; `size` numbers a frame. */
  readonly #encoding: Readonly<Record<string, { data: Float32Array; size: number }>>;
  #encoded = 0;

  /**
   * @param encode the program of that name
   * @param learning absent where nothing is learned
   * @param oneByOne whether each frame is encoded by a call of its own. In a batch, the last bits of a frame's drive depend on how
   *   many others there are; on its own they depend on nothing that was seen before.
   */
  constructor(
    settings: EncoderSettings,
    encode: Runner,
    { learning, oneByOne = false }: { learning?: PlainLearning; oneByOne?: boolean } = {},
  ) {
    this.#settings = settings;
    this.#oneByOne = oneByOne;
    this.#encode = encode;
    this.#backward = learning?.backward;
    this.#into = Object.fromEntries(
      Object.entries(learning?.gradients ?? {}).map(([name, view]) => [gradientName(name), view]),
    );
    this.#frames = new FrameTable(settings.frameSize, settings.capacity);
    const sizes = { ...learning?.layerSizes, drive: settings.driveSize };
    this.#encoding = Object.fromEntries(
      Object.entries(sizes).map(([name, size]) => [
        name,
        { data: new Float32Array(settings.capacity * size), size },
      ]),
    );
  }

  get count(): number {
    return this.#frames.count;
  }

  get drives(): Float32Array {
    return this.#encoding.drive!.data;
  }

  forget(): void {
    this.#frames.clear();
    this.#encoded = 0;
  }

  async encode(pixels: Uint8Array, index: Int32Array): Promise<void> {
    const { parameters } = this.#settings;
    for (let i = 0; i < index.length; i++) {
      index[i] = this.#frames.indexOfRow(pixels, i);
    }
    while (this.#encoded < this.count) {
      const next = this.#oneByOne ? this.#encoded + 1 : this.count;
      const feeds = { ...parameters, pixels: this.#frames.pixels(this.#encoded, next) };
      await this.#encode.run(feeds, this.#encodingOf(this.#encoded, next));
      this.#encoded = next;
    }
  }

  /** @throws Error where the encoder was made without what learning needs */
  async backward(driveGradient: Float32Array): Promise<void> {
    if (!this.#backward) throw new Error('This encoder was made to act, not to learn.');
    const { drive: _, ...layers } = this.#encodingOf(0, this.count);
    const pixels = this.#frames.pixels();
    const feeds: Feeds = { ...this.#settings.parameters, ...layers, pixels, driveGradient };
    await this.#backward.run(feeds, this.#into);
  }

  #encodingOf(from: number, to: number): Results {
    return Object.fromEntries(
      Object.entries(this.#encoding).map(([name, { data, size }]) => [
        name,
        data.subarray(from * size, to * size),
      ]),
    );
  }
}
