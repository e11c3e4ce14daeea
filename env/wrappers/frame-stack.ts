import * as z from 'zod';
import { fromBase64, toBase64 } from '#platform';
import type { Env, Json, Observation, ResetArguments, StepResult } from '../contract.ts';
import { EnvError } from '../errors.ts';
import { Box } from '../spaces.ts';
import { Wrapper } from './wrapper.ts';

export interface FrameStackSettings {
  /** How many of the latest frames an observation holds. */
  readonly frames: number;
  /** What fills the stack before an episode's first frame: copies of that frame (`reset`, the default) or black (`zero`). */
  readonly padding?: 'reset' | 'zero';
}

/**
 * Stacks the latest frames of an episode, so that an agent sees what moves (Gymnasium's `FrameStackObservation`). The pixels become
 * [height, width, frames × channels]: for each pixel, the channels of the oldest frame first and those of the newest last. The
 * instruction is the newest one. A reset clears the stack.
 */
export class FrameStack extends Wrapper {
  readonly frames: number;
  readonly padding: 'reset' | 'zero';
  /** The latest frames; the world inside writes the next one over the oldest. */
  readonly #slots: readonly Observation[];
  readonly #channels: number;
  #newest = 0;

  /** @throws EnvError unless `frames` is a whole number of at least 1 and `padding` is `reset` or `zero` */
  constructor(env: Env, { frames, padding = 'reset' }: FrameStackSettings) {
    if (!Number.isInteger(frames) || frames < 1) {
      throw new EnvError(`FrameStack: frames is a whole number of at least 1, not ${frames}`);
    }
    if (padding !== 'reset' && padding !== 'zero') {
      throw new EnvError(`FrameStack: padding is "reset" or "zero", not "${padding}"`);
    }
    const { pixels, instruction } = env.observationSpace;
    const [height, width, channels] = pixels.shape as [number, number, number];
    const stacked = new Box([height, width, channels * frames], 'uint8', pixels.low, pixels.high);
    super(env, { observationSpace: { pixels: stacked, instruction } });
    this.frames = frames;
    this.padding = padding;
    this.#channels = channels;
    const told = new Float32Array(instruction.length);
    this.#slots = Array.from({ length: frames }, () =>
      Object.freeze({ pixels: new Uint8Array(pixels.length), instruction: told }),
    );
  }

  override reset(args?: ResetArguments, into?: Observation) {
    const first = this.#slots[0]!;
    const { observation, info } = super.reset(args, first);
    this.requireWritten(observation, first);
    this.#newest = 0;
    for (const slot of this.#slots) {
      if (slot === first) continue;
      if (this.padding === 'zero') slot.pixels.fill(0);
      else slot.pixels.set(first.pixels);
    }
    return { observation: this.#observe(into), info };
  }

  override step(action: number, into?: Observation): StepResult {
    const next = (this.#newest + 1) % this.frames;
    const slot = this.#slots[next]!;
    const result = super.step(action, slot);
    this.requireWritten(result.observation, slot);
    this.#newest = next;
    return { ...result, observation: this.#observe(into) };
  }

  override state(): Json {
    // The world inside returns the newest when it is restored.
    const older = Array.from({ length: this.frames - 1 }, (_, i) => toBase64(this.#slot(i).pixels));
    return this.sealed(older);
  }

  override restore(state: Json, into?: Observation): Observation {
    const { own, env } = this.unsealed(z.array(z.base64()), state);
    const older = own.map(fromBase64);
    const { length } = this.env.observationSpace.pixels;
    if (older.length !== this.frames - 1 || older.some((frame) => frame.length !== length)) {
      throw new EnvError(
        `${this.spec.id}: this is not a state of a world in a FrameStack of ${this.frames} frames of ${length} bytes`,
      );
    }
    super.restore(env, this.#slots[this.frames - 1]!);
    this.#newest = this.frames - 1;
    for (const [i, frame] of older.entries()) this.#slots[i]!.pixels.set(frame);
    return this.#observe(into);
  }

  /** A frame by its age: 0 is the oldest. */
  #slot(i: number): Observation {
    return this.#slots[(this.#newest + 1 + i) % this.frames]!;
  }

  #observe(into: Observation = this.allocate()): Observation {
    const channels = this.#channels;
    const stride = channels * this.frames;
    const to = into.pixels;
    for (let i = 0; i < this.frames; i++) {
      const from = this.#slot(i).pixels;
      for (let c = 0; c < channels; c++) {
        for (let read = c, write = i * channels + c; read < from.length; read += channels) {
          to[write] = from[read]!;
          write += stride;
        }
      }
    }
    into.instruction.set(this.#slots[0]!.instruction);
    return into;
  }
}
