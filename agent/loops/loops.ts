/** What Adam steps: float32 [n] each. */
export interface AdamVectors {
  readonly parameters: Float32Array;
  readonly gradient: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

/** The numbers of one step of Adam. */
export interface AdamNumbers {
  readonly beta1: number;
  readonly beta2: number;
  /** The gradient is multiplied by this. */
  readonly gradientScale: number;
  /** The learning rate, corrected for means that began at zero. */
  readonly rate: number;
  /** The root of the mean of squares is multiplied by this, for the same reason. */
  readonly rootFactor: number;
  readonly epsilon: number;
}

/** Loops over whole vectors. All arithmetic is in float64 and rounded once to float32, so every implementation gives the same bits. */
export interface VectorLoops {
  add(sum: Float32Array, other: Float32Array): void;
  squaredNorm(vector: Float32Array): number;
  /** Changes parameters and means in place. */
  adam(vectors: AdamVectors, numbers: AdamNumbers): void;
}

/** In JavaScript, over vectors anywhere. */
export const plainLoops: VectorLoops = {
  add(sum, other) {
    for (let i = 0; i < sum.length; i++) sum[i]! += other[i]!;
  },

  squaredNorm: (vector) => squaredNormFrom(vector, 0, [0, 0, 0, 0]),

  adam({ parameters, gradient, mean, square }, numbers) {
    const { beta1, beta2, gradientScale, rate, rootFactor, epsilon } = numbers;
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i]! * gradientScale;
      const m = beta1 * mean[i]! + (1 - beta1) * g;
      const v = beta2 * square[i]! + (1 - beta2) * g * g;
      mean[i] = m;
      square[i] = v;
      parameters[i]! -= (rate * m) / (Math.sqrt(v) * rootFactor + epsilon);
    }
  },
};

/**
 * Of the elements from `start` on, added to what those before gave: in four sums, because one would have to wait for each addition
 * before the next. Those left over at the end belong to the first sum.
 */
export function squaredNormFrom(
  vector: Float32Array,
  start: number,
  [a, b, c, d]: readonly [number, number, number, number],
): number {
  let i = start;
  for (; i + 3 < vector.length; i += 4) {
    a += vector[i]! * vector[i]!;
    b += vector[i + 1]! * vector[i + 1]!;
    c += vector[i + 2]! * vector[i + 2]!;
    d += vector[i + 3]! * vector[i + 3]!;
  }
  for (; i < vector.length; i++) a += vector[i]! * vector[i]!;
  return a + b + c + d;
}
