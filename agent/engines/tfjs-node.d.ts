/** Optional, and rarely installed: this stands in for its types. */
declare module '@tensorflow/tfjs-node';
