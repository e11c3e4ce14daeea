import ort from 'onnxruntime-node';
import type { Engine } from './engine.ts';
import { createSession } from './session.ts';

/** Compiled graphs in ONNX Runtime's native library. */
export const engine: Engine = {
  kind: 'graph',
  load: (program) => createSession(ort, program, { logSeverityLevel: 3 }, true),
};
