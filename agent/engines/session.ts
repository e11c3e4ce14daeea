import { MessageChannel } from 'node:worker_threads';
import type * as ortTypes from 'onnxruntime-common';
import type { CompiledProgram } from '../compiler/compile.ts';
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
  return {
    async run(feeds: Feeds, into: Results = {}): Promise<Results> {
      const tensors: Record<string, ortTypes.Tensor> = {};
      for (const [name, spec] of inputs) {
        const data = feeds[name];
        if (!data) throw new Error(`${program.name} was run without its input "${name}".`);
        tensors[name] = new ort.Tensor(spec.dtype, data, shapeOf(name, spec.shape, data));
      }
      const fetches: Record<string, ortTypes.Tensor | null> = {};
      for (const [name, shape] of Object.entries(program.outputs)) {
        const target = into[name];
        fetches[name] =
          target && writesInPlace
            ? new ort.Tensor('float32', target, shapeOf(name, shape, target))
            : null;
      }
      const fetched = await session.run(tensors, fetches);
      const results: Results = {};
      for (const name of Object.keys(program.outputs)) {
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
function free(buffer: ArrayBuffer): void {
  nowhere.postMessage(null, [buffer]);
}
