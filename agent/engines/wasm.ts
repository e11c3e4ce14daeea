import type { Engine } from './engine.ts';
import { createSession } from './session.ts';

// A static import that throws would end the process on Node 20, although the error is caught.
const { default: ort } = await import('onnxruntime-web');

ort.env.wasm.numThreads = 1;

/** Compiled graphs in ONNX Runtime's WebAssembly build: slower, but it runs anywhere. */
export const engine: Engine = {
  kind: 'graph',
  load: (program) =>
    createSession(ort, program, { executionProviders: ['wasm'], logSeverityLevel: 3 }, false),
};
