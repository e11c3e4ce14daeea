import type { Engine } from './engine.ts';
import { createSession } from './session.ts';
import './telemetry.ts';

// A static import that throws would end the process on Node 20, although the error is caught.
const { default: ort } = await import('onnxruntime-node');

/** Compiled graphs in ONNX Runtime's native library. */
export const engine: Engine = {
  kind: 'graph',
  load: (program) => createSession(ort, program, { logSeverityLevel: 3 }, true),
};
