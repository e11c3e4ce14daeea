import type { Feeds, Runner } from '../engines/engine.ts';
import { gradientName } from '../names.ts';
import type { EncoderSettings, LearningEncoder } from './encoder.ts';
import { FrameTable } from './frame-table.ts';
import { grown } from './grow.ts';
import { placesOf } from './looks.ts';
import { Recall } from './recall.ts';
import type { EncoderShapes } from './shapes.ts';
import { SharedGradients } from './shared-gradients.ts';
import { type SharedLayer, sharedLayers } from './shared-layer.ts';
import { Structure } from './structure.ts';

/** Memory for frames, and for what they consist of, after which they are forgotten. */
const FRAME_BYTES = 32 * 2 ** 20;
const STRUCTURE_BYTES = 16 * 2 ** 20;

/** Multiplications that take as long as calling the programs for a step, and frames that take as long as reading the weights for them, about. */
const PRODUCTS_OF_CALLS = 6e6;
const FRAMES_OF_WEIGHTS = 12;

/** ONNX Runtime computes a single row in another way than the rows of a batch, so nothing is computed alone. */
const FEWEST_ROWS = 2;

/** The programs of `sharedPrograms` by name, loaded. */
export type SharedRunners = Readonly<Record<string, Runner>>;

/** Memory that an encoder keeps from one update to the next, in bytes. */
export interface SharedBounds {
  readonly frames: number;
  readonly structure: number;
}

/**
 * Computes each layer once for each distinct row of what it looks at, wherever and in whichever frame that stands. A row's
 * result depends on nothing else, to the last bit; what is remembered from earlier updates changes how long it takes and never
 * what comes out.
 */
export class SharedEncoder implements LearningEncoder {
  readonly #settings: EncoderSettings;
  readonly #bounds: SharedBounds;
  readonly #structure: Structure;
  readonly #layers: readonly SharedLayer[];
  readonly #gradients: SharedGradients;
  readonly #recall: Recall;
  #frames: FrameTable;
  /** What is to be encoded at the first call after `forget`, before it is seen. */
  #expected: number[] = [];
  #begun = false;
  /** Seen frames whose drives are there. */
  #encoded = 0;
  #drives: Float32Array;
  #looks = new Int32Array(0);
  #bytes = new Uint8Array(0);

  /** @param gradients by name of the encoder's parameters: what receives their gradients */
  constructor(
    shapes: EncoderShapes,
    settings: EncoderSettings,
    runners: SharedRunners,
    gradients: Readonly<Record<string, Float32Array>>,
    bounds: SharedBounds = { frames: FRAME_BYTES, structure: STRUCTURE_BYTES },
  ) {
    this.#settings = settings;
    this.#bounds = bounds;
    this.#structure = new Structure(shapes);
    this.#layers = sharedLayers(shapes, this.#structure, runners);
    const into = Object.entries(gradients).map(([name, view]) => [gradientName(name), view]);
    this.#gradients = new SharedGradients(this.#layers, Object.fromEntries(into));
    this.#frames = new FrameTable(settings.frameSize);
    const { flat, dense, pictures, driveSize } = shapes;
    const products = pictures > 1 ? flat * driveSize : dense * (flat + driveSize);
    this.#recall = new Recall(FRAMES_OF_WEIGHTS + PRODUCTS_OF_CALLS / products, settings.capacity);
    this.#drives = new Float32Array(0);
  }

  get count(): number {
    return this.#gradients.frames.count;
  }

  get drives(): Float32Array {
    return this.#drives;
  }

  /** What it keeps now. */
  get keptBytes(): SharedBounds {
    const { count, frameSize } = this.#frames;
    return { frames: count * frameSize, structure: this.#structure.bytes };
  }

  forget(): void {
    for (const { computed } of this.#layers) computed.clear();
    this.#gradients.clear();
    this.#begun = false;
    this.#encoded = 0;
    const { frames, structure } = this.keptBytes;
    const tooMuch = structure > this.#bounds.structure;
    if (!tooMuch && frames <= this.#bounds.frames) return;
    // To allocate it again costs more than it is worth, unless it has become far too large.
    if (this.#frames.bytes <= 2 * this.#bounds.frames) this.#frames.clear();
    else this.#frames = new FrameTable(this.#settings.frameSize);
    this.#recall.clear();
    if (tooMuch) this.#structure.clear();
    else this.#structure.clearFrames();
  }

  async encode(pixels: Uint8Array, index: Int32Array): Promise<void> {
    if (!this.#begun) this.#expected = this.#recall.begin();
    let oldest = 0;
    for (let i = 0; i < index.length; i++) {
      const frame = this.#frames.indexOfRow(pixels, i);
      if (frame === this.#structure.frameCount) {
        this.#structure.add(this.#frames.pixels(frame, frame + 1));
      }
      const before = this.count;
      index[i] = this.#number(frame);
      if (this.count > before) oldest = Math.max(oldest, this.#recall.see(frame));
    }
    if (this.#begun && oldest > 0) this.#recall.step(oldest);
    this.#begun = true;
    if (this.#encoded === this.count && this.#expected.length === 0) return;
    await this.#compute();
    this.#copyDrives();
    this.#encoded = this.count;
  }

  async backward(driveGradient: Float32Array): Promise<void> {
    await this.#gradients.compute(this.#settings.parameters, driveGradient);
  }

  /** @throws RangeError where there are more distinct frames than there is room for */
  #number(frame: number): number {
    const { frames } = this.#gradients;
    const { capacity } = this.#settings;
    if (frames.count === capacity && !frames.has(frame)) {
      throw new RangeError(`More than ${capacity} distinct frames.`);
    }
    return frames.of(frame);
  }

  /** Computes what is expected and what has been seen, unless that was done already. */
  async #compute(): Promise<void> {
    const [top, ...below] = this.#layers.toReversed() as [SharedLayer, ...SharedLayer[]];
    const from = new Map(this.#layers.map((layer) => [layer, layer.computed.count]));
    for (const frame of this.#expected) top.computed.of(frame);
    this.#expected = [];
    const { frames } = this.#gradients;
    for (let i = this.#encoded; i < frames.count; i++) top.computed.of(frames.ids[i]!);
    let above = top;
    for (const layer of below) {
      layer.computed.addAll(
        above.tuples,
        above.looks,
        above.computed.ids,
        from.get(above)!,
        above.computed.count,
      );
      above = layer;
    }
    for (const layer of this.#layers) await this.#computeRows(layer, from.get(layer)!);
  }

  async #computeRows(layer: SharedLayer, from: number): Promise<void> {
    const { computed, outputs } = layer;
    const { count, ids } = computed;
    if (count === from) return;
    const rowCount = Math.max(FEWEST_ROWS, count - from);
    const feeds: Feeds = { ...this.#settings.parameters, ...this.#seenBy(layer, ids, from) };
    const into: Record<string, Float32Array> = {};
    for (const output of outputs) {
      output.values = grown(output.values, (from + rowCount) * output.size);
      into[output.name] = output.values.subarray(
        from * output.size,
        (from + rowCount) * output.size,
      );
    }
    await layer.forward.run(feeds, into);
  }

  /** What the rows from `from` on look at. */
  #seenBy(layer: SharedLayer, ids: Int32Array, from: number): Feeds {
    const { count } = layer.computed;
    const length = Math.max(FEWEST_ROWS, count - from) * layer.looks;
    const { below } = layer;
    if (!below) {
      this.#bytes = grown(this.#bytes, length);
      layer.pickRows(this.#bytes, ids, from, count);
      return { rows: this.#bytes.subarray(0, length) };
    }
    this.#looks = grown(this.#looks, length);
    const { tuples, looks } = layer;
    const { plusOne } = below.computed;
    placesOf(this.#looks, ids, from, count, { tuples, looks, plusOne });
    // What is added to a single row looks at any row there is.
    this.#looks.fill(0, (count - from) * looks, length);
    const [{ size, values }] = below.outputs as [SharedLayer['outputs'][number]];
    return {
      below: values.subarray(0, below.computed.count * size),
      looks: this.#looks.subarray(0, length),
    };
  }

  #copyDrives(): void {
    const { driveSize } = this.#settings;
    const { frames } = this.#gradients;
    const { computed, outputs } = this.#layers.at(-1)!;
    const { values } = outputs.at(-1)!;
    this.#drives = grown(this.#drives, frames.count * driveSize);
    for (let i = this.#encoded; i < frames.count; i++) {
      const place = computed.of(frames.ids[i]!) * driveSize;
      this.#drives.set(values.subarray(place, place + driveSize), i * driveSize);
    }
  }
}
