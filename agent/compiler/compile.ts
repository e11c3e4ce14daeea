import { isDynamic } from './graph.ts';
import { toOnnx } from './onnx.ts';
import type { Program, TensorSpec } from './program.ts';
import { DYNAMIC } from './program.ts';
import { trace } from './trace.ts';

/** A program as a static ONNX graph; plain data, so that it can be sent to a worker thread. */
export interface CompiledProgram {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec['shape']>>;
  readonly model: Uint8Array;
}

/**
 * Traces a program and writes it as an ONNX model.
 * @param metadata key and value pairs to store in the model
 * @throws Error naming an operation that has no translation
 */
export function compile(program: Program, metadata: Record<string, string> = {}): CompiledProgram {
  const graph = trace(program);
  const shapes = graph.outputs.map(({ name, value }) => [
    name,
    value.shape.map((size) => (isDynamic(size) ? DYNAMIC : size)),
  ]);
  return {
    name: program.name,
    inputs: program.inputs,
    outputs: Object.fromEntries(shapes),
    model: toOnnx(graph, program.name, metadata),
  };
}
