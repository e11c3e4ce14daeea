/** float or byte array of a fixed shape within bounds. */
export declare class Box {
  readonly shape: readonly number[];
  readonly dtype: 'uint8' | 'float32';
  readonly low: number;
  readonly high: number;
  /** Number of elements. */
  readonly length: number;
}

/** The whole numbers 0..n-1. */
export declare class Discrete {
  readonly n: number;
  readonly names: readonly string[];
}
