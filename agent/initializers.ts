/** Draws a tensor of the given shape from uniform numbers in [0, 1). */
export type Initializer = (shape: readonly number[], uniform: () => number) => Float32Array;

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export const constant =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);

/** Uniform within ±√(6 / (inputs + outputs)) (Glorot and Bengio 2010), for a matrix [in, out]. */
export const xavier: Initializer = (shape, uniform) => {
  const [inputs, outputs] = matrix(shape);
  const limit = Math.sqrt(6 / (inputs + outputs));
  return Float32Array.from({ length: inputs * outputs }, () => (2 * uniform() - 1) * limit);
};

/** Uniform from `least` to `greatest`. */
export const uniform =
  (least: number, greatest: number): Initializer =>
  (shape, draw) =>
    Float32Array.from({ length: sizeOf(shape) }, () => least + draw() * (greatest - least));

/** Normal, of this mean and standard deviation. */
export const normal =
  (mean: number, deviation: number): Initializer =>
  (shape, draw) =>
    Float32Array.from(normals(sizeOf(shape), draw), (value) => mean + deviation * value);

/** Of a size drawn uniformly from `least` to `greatest`, positive or with either sign. */
export const uniformSize =
  (least: number, greatest: number, sign: 'positive' | 'either'): Initializer =>
  (shape, uniform) =>
    Float32Array.from({ length: sizeOf(shape) }, () => {
      const size = least + uniform() * (greatest - least);
      return sign === 'either' && uniform() < 0.5 ? -size : size;
    });

/**
 * A random matrix with orthonormal columns (or rows, where there are fewer of them) times `gain`
 * (Saxe et al. 2014). All dimensions but the last are inputs.
 */
export const orthogonal =
  (gain: number): Initializer =>
  (shape, uniform) => {
    const [inputs, outputs] = matrix(shape);
    const count = Math.min(inputs, outputs);
    const length = Math.max(inputs, outputs);
    const vectors = Array.from({ length: count }, () => normals(length, uniform));
    for (const [i, vector] of vectors.entries()) {
      for (let j = 0; j < i; j++) subtractProjection(vector, vectors[j]!);
      normalise(vector);
    }
    const values = new Float32Array(inputs * outputs);
    for (const [i, vector] of vectors.entries()) {
      for (let j = 0; j < length; j++) {
        const [row, column] = inputs >= outputs ? [j, i] : [i, j];
        values[row * outputs + column] = gain * vector[j]!;
      }
    }
    return values;
  };

/** `count` matrices side by side, each drawn by `initial`. */
export const sideBySide =
  (count: number, initial: Initializer): Initializer =>
  (shape, uniform) => {
    const [rows, columns] = matrix(shape);
    const each = columns / count;
    const values = new Float32Array(rows * columns);
    for (let k = 0; k < count; k++) {
      const one = initial([rows, each], uniform);
      for (let row = 0; row < rows; row++) {
        values.set(one.subarray(row * each, (row + 1) * each), row * columns + k * each);
      }
    }
    return values;
  };

function matrix(shape: readonly number[]): [inputs: number, outputs: number] {
  const outputs = shape.at(-1) ?? 1;
  return [sizeOf(shape) / outputs, outputs];
}

/** Standard normal numbers (Box and Muller 1958). */
function normals(length: number, uniform: () => number): Float64Array {
  return Float64Array.from(
    { length },
    () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  let product = 0;
  for (let i = 0; i < vector.length; i++) product += vector[i]! * unit[i]!;
  for (let i = 0; i < vector.length; i++) vector[i]! -= product * unit[i]!;
}

function normalise(vector: Float64Array): void {
  let square = 0;
  for (let i = 0; i < vector.length; i++) square += vector[i]! * vector[i]!;
  const length = Math.sqrt(square);
  for (let i = 0; i < vector.length; i++) vector[i]! /= length;
}
