/** The TensorFlow.js that this package uses: its one import. */
export * from '@tensorflow/tfjs';
