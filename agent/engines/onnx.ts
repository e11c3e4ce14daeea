import type { CompiledProgram } from '../compiler/compile.ts';
import type { Engine } from './engine.ts';
import { createSession, free } from './session.ts';
import './telemetry.ts';

// A static import that throws would end the process on Node 20, although the error is caught.
const { default: ort } = await import('onnxruntime-node');

/**
 * Bytes. Linux's malloc takes a block from its own memory, rather than from the system, up to the size of the largest one that was ever
 * freed. Memory from the system is cleared page by page, again for every copy of a large result.
 */
const LARGE_BLOCK = 2 ** 23;
free(new ArrayBuffer(LARGE_BLOCK));

const quiet = { logSeverityLevel: 3 } as const;

/** Compiled graphs in ONNX Runtime's native library. */
export const engine: Engine = {
  kind: 'graph',
  load: (program) => createSession(ort, program, quiet, true),
};

/**
 * The same, but slower, as it times every node: a program that is disposed of leaves ONNX Runtime's profile of all its runs in a file.
 * @param prefixOf the beginning of that file's path; ONNX Runtime adds the date and `.json`
 */
export const profilingEngine = (prefixOf: (program: CompiledProgram) => string): Engine => ({
  kind: 'graph',
  load(program) {
    const options = { ...quiet, enableProfiling: true, profileFilePrefix: prefixOf(program) };
    return createSession(ort, program, options, true);
  },
});
