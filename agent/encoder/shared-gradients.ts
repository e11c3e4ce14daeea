import type { Feeds, Results } from '../engines/engine.ts';
import { grown } from './grow.ts';
import { gather, pick, scatter } from './looks.ts';
import { Numbering } from './numbering.ts';
import type { SharedLayer } from './shared-layer.ts';

/** What a layer needs for its backward pass. */
interface Pass {
  readonly layer: SharedLayer;
  /** The rows that the seen frames consist of, in order of first sight. */
  readonly rows: Numbering;
  /** What they look at, what the layer gave for them, the gradient of that, and the gradient of what they look at. */
  looked: Float32Array | Uint8Array;
  output: Float32Array;
  gradient: Float32Array;
  rowsGradient: Float32Array;
}

/**
 * The backward pass through distinct rows: the gradient of each is summed over all places where it stands. It covers the frames
 * seen since the encoder forgot, in order of first sight, and nothing else, so sums have an order that does not depend on what
 * came before.
 */
export class SharedGradients {
  readonly #passes: readonly Pass[];
  readonly #into: Results;

  /** @param into the gradients of the encoder's parameters, by the names that programs give them */
  constructor(layers: readonly SharedLayer[], into: Results) {
    this.#into = into;
    this.#passes = layers.map((layer) => ({
      ...{ layer, rows: new Numbering() },
      looked: layer.below ? new Float32Array(0) : new Uint8Array(0),
      output: new Float32Array(0),
      gradient: new Float32Array(0),
      rowsGradient: new Float32Array(0),
    }));
  }

  /** The frames seen. */
  get frames(): Numbering {
    return this.#passes.at(-1)!.rows;
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
    for (const [i, pass] of [...this.#passes.entries()].toReversed()) {
      await this.#run(pass, parameters, gradient);
      const below = this.#passes[i - 1];
      if (below) gradient = passDown(pass, below);
    }
  }

  async #run(
    pass: Pass,
    parameters: Readonly<Record<string, Float32Array>>,
    gradient: Float32Array,
  ): Promise<void> {
    const { layer, rows } = pass;
    const [{ name, size, values }] = layer.outputs as [SharedLayer['outputs'][number]];
    const { plusOne } = layer.computed;
    pass.output = grown(pass.output, rows.count * size);
    pick(pass.output, rows.ids, 0, rows.count, values, size, plusOne);
    const feeds: Feeds = {
      ...parameters,
      rows: lookedAt(pass),
      [name]: pass.output.subarray(0, rows.count * size),
      [layer.gradient]: gradient,
    };
    const into: Results = { ...this.#into };
    if (layer.below) {
      const length = rows.count * layer.rowSize;
      pass.rowsGradient = grown(pass.rowsGradient, length);
      into.rowsGradient = pass.rowsGradient.subarray(0, length);
    }
    await layer.backward.run(feeds, into);
  }
}

function lookedAt(pass: Pass): Float32Array | Uint8Array {
  const { layer, rows } = pass;
  const { below } = layer;
  const length = rows.count * layer.rowSize;
  pass.looked = grown(pass.looked, length);
  if (pass.looked instanceof Uint8Array) layer.pickRows(pass.looked, rows.ids, 0, rows.count);
  else {
    gather(pass.looked, rows.ids, 0, rows.count, {
      ...{ tuples: layer.tuples, looks: layer.looks, width: below!.outputs[0]!.size },
      plusOne: below!.computed.plusOne,
      values: below!.outputs[0]!.values,
    });
  }
  return pass.looked.subarray(0, length);
}

/** Numbers the rows below that a layer's rows look at, and sums their gradients. @returns float32 [rows below, filters] */
function passDown({ layer, rows, rowsGradient }: Pass, below: Pass): Float32Array {
  const { tuples, looks } = layer;
  below.rows.clear();
  below.rows.addAll(tuples, looks, rows.ids, 0, rows.count);
  const width = below.layer.outputs[0]!.size;
  const length = below.rows.count * width;
  below.gradient = grown(below.gradient, length);
  below.gradient.fill(0, 0, length);
  const { plusOne } = below.rows;
  scatter(rowsGradient, rows.ids, rows.count, {
    ...{ tuples, looks, plusOne, width },
    values: below.gradient,
  });
  return below.gradient.subarray(0, length);
}
