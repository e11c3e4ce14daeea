import type { CompiledProgram } from '../compiler/compile.ts';
import type { Program, TensorSpec } from '../compiler/program.ts';

export const ENGINES = ['onnx', 'wasm', 'tensorflow', 'cpu'] as const;
export type EngineName = (typeof ENGINES)[number];

export type Feeds = Record<string, Float32Array | Int32Array | Uint8Array>;
export type Results = Record<string, Float32Array>;

/** A program ready to run, any number of times. */
export interface Runner {
  /**
   * @param feeds every input of the program, flat; a dynamic dimension is inferred from the length
   * @param into buffers that named results are written to instead of fresh ones
   * @returns every output of the program, flat
   */
  run(feeds: Feeds, into?: Results): Promise<Results>;
  dispose(): Promise<void>;
}

/** A way to run programs: as compiled graphs, or by calling their functions. */
export type Engine =
  | { readonly kind: 'graph'; load(program: CompiledProgram): Promise<Runner> }
  | { readonly kind: 'eager'; load(program: Program): Promise<Runner> };

/** The engine cannot run on this machine; the message says why in one sentence. */
export class EngineUnavailable extends Error {
  override readonly name = 'EngineUnavailable';
}

/**
 * The shape of `data`, with the dynamic dimension inferred from its length.
 * @throws Error where the length does not fit
 */
export function shapeOf(
  name: string,
  shape: TensorSpec['shape'],
  data: { length: number },
): number[] {
  let fixed = 1;
  for (const size of shape) if (typeof size === 'number') fixed *= size;
  const dynamic = data.length / fixed;
  const isDynamic = shape.some((size) => typeof size === 'string');
  if (isDynamic ? !Number.isInteger(dynamic) : dynamic !== 1) {
    throw new Error(
      `"${name}" has ${data.length} elements, which do not fill [${shape.join(', ')}]`,
    );
  }
  return shape.map((size) => (typeof size === 'number' ? size : dynamic));
}
