/** An optional dependency that few machines can install: without this the compiler would miss its types there. */
declare module '@tensorflow/tfjs-node';
