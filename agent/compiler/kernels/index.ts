import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import type { Kernels } from './kernel.ts';
import { products } from './products.ts';
import { reductions } from './reductions.ts';
import { shaping } from './shaping.ts';

/** Every kernel of TensorFlow.js that has operations of ONNX; `composites` has those that are made of these. */
export const kernels: Kernels = {
  ...elementwise,
  ...reductions,
  ...shaping,
  ...indexing,
  ...products,
  ...convolution,
};
