import { type Flops, flopsOf } from './flops.ts';
import { type ConstantData, dynamicName } from './graph.ts';
import { toOnnx } from './onnx.ts';
import type { Program, TensorSpec } from './program.ts';
import { trace } from './trace.ts';

/** A program as a static ONNX graph; plain data, so that it can be sent to a worker thread. */
export interface CompiledProgram {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec['shape']>>;
  readonly model: Uint8Array;
  /** What one run computes. */
  readonly flops: Flops;
}

/**
 * Traces a program and writes it as an ONNX model.
 * @param metadata key and value pairs to store in the model
 * @param fixed values of inputs that are stored in the model, under their names, and no longer fed
 * @throws Error naming an operation that has no translation
 */
export function compile(
  program: Program,
  metadata: Record<string, string> = {},
  fixed: Readonly<Record<string, ConstantData>> = {},
): CompiledProgram {
  const graph = trace(program, fixed);
  const shapes = graph.outputs.map(({ name, value }) => [
    name,
    value.shape.map((size) => dynamicName(size) ?? size),
  ]);
  return {
    name: program.name,
    inputs: Object.fromEntries(
      Object.entries(program.inputs).filter(([name]) => !Object.hasOwn(fixed, name)),
    ),
    outputs: Object.fromEntries(shapes),
    model: toOnnx(graph, program.name, metadata),
    flops: flopsOf(graph),
  };
}
