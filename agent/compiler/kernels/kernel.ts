import type { Graph, Value } from '../graph.ts';

/** Every name that a kernel of TensorFlow.js gives an input; each kernel has some of them. */
type InputName =
  | ('a' | 'b' | 'x' | 'y' | 'dy' | 'input' | 'value' | 'logits' | 'filter')
  | ('condition' | 't' | 'e' | 'params' | 'indices' | 'segmentIds' | 'tensor' | 'updates');

/** What a TensorFlow.js kernel is called with while it is traced. */
export interface KernelCall {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<InputName, Value>>;
  /** The inputs of a kernel that takes a list. */
  readonly list: readonly Value[];
  // biome-ignore lint/suspicious/noExplicitAny: the attributes of each kernel have a shape of their own
  readonly attrs: any;
}

/** A kernel as the ONNX nodes that compute the same. */
export type Kernel = (call: KernelCall) => Value | Value[];

/** Kernels by the name that TensorFlow.js calls them. */
export type Kernels = Record<string, Kernel>;

export const listOf = (value: number | readonly number[]): readonly number[] =>
  typeof value === 'number' ? [value] : value;

/** An axis counted from the front. */
export const positive = (axis: number, x: Value): number =>
  axis < 0 ? axis + x.shape.length : axis;
