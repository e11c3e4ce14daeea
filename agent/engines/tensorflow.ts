import { eagerEngine } from './eager.ts';

// Node.js 20 reports a CommonJS module that throws a second time, as an unhandled rejection, if it is imported statically.
await import('@tensorflow/tfjs-node');

/** TensorFlow.js on TensorFlow's native library, where that could be installed. */
export const engine = eagerEngine('tensorflow');
