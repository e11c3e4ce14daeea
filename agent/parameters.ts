import seedrandom from 'seedrandom';
import type { Initializer } from './initializers.ts';

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Initializer;
}

export interface ParameterSlot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
}

/** Where each named parameter stands in the one flat vector that all of them form, in order. */
export interface ParameterLayout {
  readonly slots: readonly ParameterSlot[];
  readonly size: number;
}

export function layoutOf(specs: readonly Pick<ParameterSpec, 'name' | 'shape'>[]): ParameterLayout {
  let offset = 0;
  const slots = specs.map(({ name, shape }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    const slot = { name, shape, offset, size };
    offset += size;
    return slot;
  });
  return { slots, size: offset };
}

/** The parameters in `vector` by name, as views: writing to one writes to the vector. */
export function views(layout: ParameterLayout, vector: Float32Array): Record<string, Float32Array> {
  return Object.fromEntries(
    layout.slots.map(({ name, offset, size }) => [name, vector.subarray(offset, offset + size)]),
  );
}

/** Draws every parameter from its initial distribution into `vector`. */
export function initialise(
  specs: readonly ParameterSpec[],
  seed: string | number,
  vector: Float32Array,
): void {
  const { slots } = layoutOf(specs);
  for (const [i, { name, shape, initial }] of specs.entries()) {
    const values = initial(shape, seedrandom(`parameters:${seed}:${name}`));
    vector.set(values, slots[i]!.offset);
  }
}
