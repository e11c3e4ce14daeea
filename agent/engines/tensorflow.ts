import '@tensorflow/tfjs-node';
import { eagerEngine } from './eager.ts';

/** TensorFlow.js on TensorFlow's native library, where that could be installed. */
export const engine = eagerEngine('tensorflow');
