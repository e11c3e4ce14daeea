import type { Env, Json, Observation, ResetArguments, StepResult } from '../contract.ts';
import { EnvError } from '../errors.ts';
import { Box } from '../spaces.ts';
import { Wrapper } from './wrapper.ts';

/**
 * Replaces the colour of each pixel by its brightness (Gymnasium's `GrayscaleObservation` with `keep_dim`):
 * `0.299 red + 0.587 green + 0.114 blue`, rounded. The pixels become [height, width, 1], or [height, width, frames] where frames are
 * stacked. Pictures for people keep their colours.
 */
export class Grayscale extends Wrapper {
  /** The observation of the world inside. */
  readonly #seen: Observation;

  /** @throws EnvError unless the number of channels is a multiple of three */
  constructor(env: Env) {
    const { pixels, instruction } = env.observationSpace;
    const [height, width, channels] = pixels.shape as [number, number, number];
    if (channels === 0 || channels % 3 !== 0) {
      throw new EnvError(
        `Grayscale: ${env.spec.id} shows ${channels} channels here; it needs red, green and blue, 3 for each frame`,
      );
    }
    const grey = new Box([height, width, channels / 3], 'uint8', pixels.low, pixels.high);
    super(env, { observationSpace: { pixels: grey, instruction } });
    this.#seen = Object.freeze({
      pixels: new Uint8Array(pixels.length),
      instruction: new Float32Array(instruction.length),
    });
  }

  override reset(args?: ResetArguments, into?: Observation) {
    const { observation, info } = super.reset(args, this.#seen);
    this.requireWritten(observation, this.#seen);
    return { observation: this.#observe(into), info };
  }

  override step(action: number, into?: Observation): StepResult {
    const result = super.step(action, this.#seen);
    this.requireWritten(result.observation, this.#seen);
    return { ...result, observation: this.#observe(into) };
  }

  override restore(state: Json, into?: Observation): Observation {
    super.restore(state, this.#seen);
    return this.#observe(into);
  }

  #observe(into: Observation = this.allocate()): Observation {
    const { pixels: from, instruction } = this.#seen;
    const to = into.pixels;
    for (let read = 0, write = 0; write < to.length; read += 3, write++) {
      const sum = 299 * from[read]! + 587 * from[read + 1]! + 114 * from[read + 2]!;
      to[write] = Math.floor((sum + 500) / 1000);
    }
    into.instruction.set(instruction);
    return into;
  }
}
