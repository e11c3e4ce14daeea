import { EnvError } from './errors.ts';
import type { Random } from './random.ts';

/** Arrays of one shape and element type, each element from `low` to `high`, both included. */
export class Box {
  readonly shape: readonly number[];
  readonly dtype: 'uint8' | 'float32';
  readonly low: number;
  readonly high: number;
  /** The number of elements. */
  readonly length: number;

  /** @throws EnvError unless the shape is whole numbers, and the bounds are finite, ordered and valid for the type */
  constructor(shape: readonly number[], dtype: 'uint8' | 'float32', low: number, high: number) {
    if (!shape.every((extent) => Number.isInteger(extent) && extent >= 0)) {
      throw new EnvError(`a shape must be whole numbers of at least 0, not [${shape.join(', ')}]`);
    }
    const fits = dtype === 'float32' || (isByte(low) && isByte(high));
    if (!Number.isFinite(low) || !Number.isFinite(high) || low > high || !fits) {
      throw new EnvError(`a ${dtype} box cannot reach from ${low} to ${high}`);
    }
    this.shape = Object.freeze([...shape]);
    this.dtype = dtype;
    this.low = low;
    this.high = high;
    this.length = shape.reduce((product, extent) => product * extent, 1);
  }

  /** Whether `value` is an array of this type and length with every element within the bounds. */
  contains(value: unknown): boolean {
    const kind = this.dtype === 'uint8' ? Uint8Array : Float32Array;
    if (!(value instanceof kind) || value.length !== this.length) return false;
    return value.every((element) => element >= this.low && element <= this.high);
  }

  /** A random array of the space, each element drawn uniformly. */
  sample(random: Random): Uint8Array | Float32Array {
    const { length, low, high } = this;
    if (this.dtype === 'uint8') {
      return Uint8Array.from({ length }, () => random.integer(low, high));
    }
    return Float32Array.from({ length }, () => low + random.uniform() * (high - low));
  }
}

/** The whole numbers from 0 to `n` − 1, each with a name. */
export class Discrete {
  readonly n: number;
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    if (names.length === 0) throw new EnvError('a discrete space must have at least one element');
    this.n = names.length;
    this.names = Object.freeze([...names]);
  }

  contains(value: unknown): boolean {
    return Number.isInteger(value) && (value as number) >= 0 && (value as number) < this.n;
  }

  /** A random element, each equally likely. */
  sample(random: Random): number {
    return random.integer(0, this.n - 1);
  }
}

function isByte(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 255;
}
