import seedrandom from 'seedrandom';
import * as z from 'zod';
import { EnvError } from './errors.ts';

/** What a generator starts from. The number 1 and the text '1' are the same seed. */
export type Seed = string | number;

const byte = z.int().min(0).max(255);

/** The state of RC4: two indices and a permutation of 0..255. */
export const randomStateSchema = z.strictObject({
  i: byte,
  j: byte,
  S: z
    .array(byte)
    .length(256)
    .refine((values) => new Set(values).size === 256),
});

export type RandomState = z.infer<typeof randomStateSchema>;

/** A seeded generator whose state can be written down and gone on from (RC4, from seedrandom). */
export class Random {
  readonly #generator: seedrandom.StatefulPRNG<seedrandom.State.Arc4>;

  /**
   * @param seed without one, the operating system's entropy is used
   * @param state continues from here instead, whatever the seed; `restore` checks it first
   */
  constructor(seed?: Seed, state?: RandomState) {
    this.#generator = seedrandom(seed?.toString(), { state: state ?? true });
  }

  /** A generator that continues from `state`. @throws EnvError if it is not a generator's state */
  static restore(state: unknown): Random {
    const parsed = randomStateSchema.safeParse(state);
    if (!parsed.success) {
      throw new EnvError(
        "a generator's state is { i, j, S } with S a permutation of 0..255; this is not one",
      );
    }
    return new Random('', parsed.data);
  }

  state(): RandomState {
    return this.#generator.state();
  }

  /** A number in [0, 1) with 52 random bits. */
  uniform(): number {
    return this.#generator();
  }

  /** A whole number from `low` to `high`, both included, each equally likely. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }
}
