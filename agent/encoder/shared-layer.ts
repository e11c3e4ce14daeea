import type { Runner } from '../engines/engine.ts';
import { pickBytes } from './looks.ts';
import { Numbering } from './numbering.ts';
import type { EncoderShapes } from './shapes.ts';
import type { Structure } from './structure.ts';

/** One layer over distinct rows: a convolution, or what makes drives of frames. */
export class SharedLayer {
  /** The layer whose outputs it looks at; the first looks at pixels. */
  readonly below: SharedLayer | undefined;
  /** Numbers of what a row looks at. */
  readonly rowSize: number;
  /** Rows of the layer below that a row looks at. */
  readonly looks: number;
  readonly forward: Runner;
  readonly backward: Runner;
  /** What it gives for the computed rows, by the names that its programs have for it; what the next layer looks at first. */
  readonly outputs: { readonly name: string; readonly size: number; values: Float32Array }[];
  /** What its backward program calls the gradient that it gets. */
  readonly gradient: 'outputGradient' | 'driveGradient';
  /** The rows computed with the present parameters, in the order of `outputs`. */
  readonly computed = new Numbering();
  readonly #structure: Structure;
  readonly #convolution: number;

  constructor(
    structure: Structure,
    convolution: number,
    below: SharedLayer | undefined,
    rowSize: number,
    outputs: Readonly<Record<string, number>>,
    programs: { forward: Runner; backward: Runner },
  ) {
    this.#structure = structure;
    this.#convolution = convolution;
    this.below = below;
    this.rowSize = rowSize;
    this.looks = below ? rowSize / below.outputs[0]!.size : rowSize;
    this.forward = programs.forward;
    this.backward = programs.backward;
    this.outputs = Object.entries(outputs).map(([name, size]) => ({
      ...{ name, size },
      values: new Float32Array(0),
    }));
    this.gradient = outputs.drive ? 'driveGradient' : 'outputGradient';
  }

  /** What rows look at, by their ids: int32 [≥ ids, looks]. */
  get tuples(): Int32Array {
    return this.gradient === 'driveGradient'
      ? this.#structure.frames
      : this.#structure.table(this.#convolution).tuples;
  }

  /** Writes the pixels that rows of the first layer look at. */
  pickRows(into: Uint8Array, ids: Int32Array, from: number, to: number): void {
    pickBytes(into, ids, from, to, this.#structure.patches, this.rowSize);
  }
}

/** The layers of a shared encoder, first to last. */
export function sharedLayers(
  { convolutions, flat, dense, pictures, driveSize }: EncoderShapes,
  structure: Structure,
  runners: Readonly<Record<string, Runner>>,
): SharedLayer[] {
  const layers: SharedLayer[] = [];
  const add = (name: string, rowSize: number, outputs: Record<string, number>) => {
    const programs = { forward: runners[name]!, backward: runners[`${name}Backward`]! };
    const index = layers.length;
    layers.push(new SharedLayer(structure, index, layers[index - 1], rowSize, outputs, programs));
  };
  for (const [i, { size, inputs, filters }] of convolutions.entries()) {
    add(`conv${i + 1}`, size * size * inputs, { output: filters });
  }
  add('drive', flat, { ...(pictures > 1 ? {} : { dense }), drive: driveSize });
  return layers;
}
