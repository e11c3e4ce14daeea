/** A tensor as stored: row-major, little-endian. */
export type Tensor =
  | { dtype: 'BOOL' | 'U8'; shape: readonly number[]; data: Uint8Array }
  | { dtype: 'I8'; shape: readonly number[]; data: Int8Array }
  | { dtype: 'I16'; shape: readonly number[]; data: Int16Array }
  | { dtype: 'U16'; shape: readonly number[]; data: Uint16Array }
  | { dtype: 'I32'; shape: readonly number[]; data: Int32Array }
  | { dtype: 'U32'; shape: readonly number[]; data: Uint32Array }
  | { dtype: 'F32'; shape: readonly number[]; data: Float32Array }
  | { dtype: 'F64'; shape: readonly number[]; data: Float64Array }
  | { dtype: 'I64'; shape: readonly number[]; data: BigInt64Array }
  | { dtype: 'U64'; shape: readonly number[]; data: BigUint64Array };

/** Tensors by name, in the order in which they were written. */
export type Tensors = Record<string, Tensor>;
