/** The bits of float64 numbers as a vector that a task can save; as float32 numbers they mean nothing. @returns [2N] */
export const bitsOf = (values: Float64Array): Float32Array =>
  new Float32Array(values.slice().buffer);

/** @param bits of {@link bitsOf} @returns [N] */
export const fromBits = (bits: Float32Array): Float64Array => new Float64Array(bits.slice().buffer);
