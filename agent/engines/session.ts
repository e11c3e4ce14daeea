import type * as ortTypes from 'onnxruntime-common';
import type { CompiledProgram } from '../compiler/compile.ts';
import type { TensorSpec } from '../compiler/program.ts';
import { type Feeds, type Results, type Runner, shapeOf } from './engine.ts';

/** What onnxruntime-node and onnxruntime-web have in common. */
export type OnnxRuntime = Pick<typeof ortTypes, 'InferenceSession' | 'Tensor'>;

/** A single-threaded session of ONNX Runtime: its results are the same bits whatever the machine's load. */
export async function createSession(
  ort: OnnxRuntime,
  program: CompiledProgram,
  options: ortTypes.InferenceSession.SessionOptions,
  /** Whether the runtime writes into the output tensors that it is given; onnxruntime-web leaves them as they are. */
  writesInPlace: boolean,
): Promise<Runner> {
  const session = await ort.InferenceSession.create(program.model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    ...options,
  });
  const inputs = Object.entries(program.inputs);
  const outputs = Object.entries(program.outputs);
  // Most calls are fed the buffers of the one before: the parameters, and what they write their results to.
  const latest: Record<string, ortTypes.Tensor> = {};
  const tensorOf = (
    name: string,
    { dtype, shape }: TensorSpec,
    data: Feeds[string],
  ): ortTypes.Tensor => {
    if (latest[name]?.data === data) return latest[name];
    const tensor = new ort.Tensor(dtype, data, shapeOf(name, shape, data));
    latest[name] = tensor;
    return tensor;
  };
  return {
    async run(feeds: Feeds, into: Results = {}): Promise<Results> {
      const tensors: Record<string, ortTypes.Tensor> = {};
      for (const [name, spec] of inputs) {
        const data = feeds[name];
        if (!data) throw new Error(`${program.name} was run without its input "${name}".`);
        tensors[name] = tensorOf(name, spec, data);
      }
      const fetches: Record<string, ortTypes.Tensor | null> = {};
      for (const [name, shape] of outputs) {
        const target = into[name];
        fetches[name] =
          target && writesInPlace ? tensorOf(name, { dtype: 'float32', shape }, target) : null;
      }
      const fetched = await session.run(tensors, fetches);
      const results: Results = {};
      for (const [name] of outputs) {
        const data = fetched[name]!.data as Float32Array;
        const target = into[name];
        if (target && writesInPlace) free(data.buffer as ArrayBuffer);
        else if (target) target.set(data);
        results[name] = target ?? data;
      }
      return results;
    },
    dispose: () => session.release(),
  };
}

/** A port that nobody listens on: a buffer transferred to it is freed. */
const { port1: nowhere } = new MessageChannel();
nowhere.close();

/**
 * Frees a buffer at once. onnxruntime-node returns a copy of everything that it wrote in place; these megabytes outside its heap would
 * make V8 collect all garbage every few runs.
 */
export function free(buffer: ArrayBuffer): void {
  nowhere.postMessage(null, [buffer]);
}
