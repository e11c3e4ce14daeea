import * as tf from '../tf.ts';
import { eagerEngine } from './eager.ts';

// A static import that throws would end the process on Node 20, although the error is caught.
await import('@tensorflow/tfjs-node');

/** TensorFlow.js on TensorFlow's native library, where that could be installed. */
export const engine = eagerEngine('tensorflow');

// On Node 23 and later the library loads but fails at its first operation, so try one.
if (!(await tf.setBackend('tensorflow'))) throw new Error('its backend does not start');
tf.tidy(() => tf.add(tf.tensor1d([1]), 1).dataSync());
