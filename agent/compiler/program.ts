import type { Tensor } from '../tf.ts';

/** A dimension of a program that may differ from call to call; every other size is fixed. */
export const DYNAMIC = 'N';
/** Another one, of other tensors: rows that those of the first look at. */
export const DYNAMIC_BELOW = 'M';

export type DynamicName = typeof DYNAMIC | typeof DYNAMIC_BELOW;

export interface TensorSpec {
  readonly shape: readonly (number | DynamicName)[];
  /** `uint8` is stored as bytes and is an `int32` tensor to the function. */
  readonly dtype: 'float32' | 'int32' | 'uint8';
}

export type Tensors = Record<string, Tensor>;

/**
 * A pure function from named tensors to named tensors, written in TensorFlow.js ops. It can run
 * eagerly on any TensorFlow.js backend, or be traced into a static graph.
 */
export interface Program {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  /** Names of what `run` returns, in order. */
  readonly outputs: readonly string[];
  /** Whether the compiler may regroup products, sums and steps, which is faster and changes the last bits of products and sums. */
  readonly regroup?: boolean;
  run(inputs: Tensors): Tensors;
}
