import type { Engine } from './engine.ts';
import { createSession } from './session.ts';
import './telemetry.ts';

// Imported statically, a library that throws ends the process on Node 20, though the error is caught.
const { default: ort } = await import('onnxruntime-node');

/** Compiled graphs in ONNX Runtime's native library. */
export const engine: Engine = {
  kind: 'graph',
  load: (program) => createSession(ort, program, { logSeverityLevel: 3 }, true),
};
