import type { Program, Tensors } from '../compiler/program.ts';
import * as tf from '../tf.ts';
import { type Engine, type Feeds, type Results, type Runner, shapeOf } from './engine.ts';

/** Calls a program's function on a TensorFlow.js backend, operation by operation. */
export function eagerEngine(backend: string): Engine {
  tf.enableProdMode();
  return { kind: 'eager', load: async (program) => eagerRunner(backend, program) };
}

function eagerRunner(backend: string, program: Program): Runner {
  return {
    async run(feeds: Feeds, into: Results = {}): Promise<Results> {
      await tf.setBackend(backend);
      const inputs: Tensors = {};
      let outputs: Tensors = {};
      try {
        for (const [name, spec] of Object.entries(program.inputs)) {
          const data = feeds[name];
          if (!data) throw new Error(`${program.name} was run without its input "${name}".`);
          const values = spec.dtype === 'uint8' ? Int32Array.from(data) : data.slice();
          const dtype = spec.dtype === 'float32' ? 'float32' : 'int32';
          inputs[name] = tf.tensor(values as Float32Array, shapeOf(name, spec.shape, data), dtype);
        }
        outputs = tf.tidy(() => program.run(inputs));
        const results: Results = {};
        for (const name of program.outputs) {
          const data = outputs[name]!.dataSync() as Float32Array;
          const target = into[name];
          if (target) target.set(data);
          results[name] = target ?? data.slice();
        }
        return results;
      } finally {
        // Tensors that tf.keep() keeps inside a gradient outlive the tidy.
        tf.dispose([inputs, outputs]);
      }
    },
    dispose: async () => {},
  };
}
