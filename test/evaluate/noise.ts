import * as z from 'zod';
import type { Env, EnvSpec, Json, Observation, ResetArguments } from '../../env/contract.ts';
import { restart, termination, transition, truncation } from '../../env/contract.ts';
import {
  Box,
  Discrete,
  EnvError,
  type InstructedNumber,
  parseOptions,
  Random,
} from '../../env/index.ts';

/** So large that not many frames are worth keeping. */
const SIDE = 160;

/**
 * A world of which no two pictures are alike, and that gives no metrics: a few pixels are noise, and so is whether action 1 ends
 * the episode, with one step's reward less for each step off the time.
 */
export class Noise implements Env {
  readonly spec = noise;
  readonly options: Readonly<Record<string, number>>;
  readonly observationSpace = {
    pixels: new Box([SIDE, SIDE, 3], 'uint8', 0, 255),
    instruction: new Box([1], 'float32', 0, 100),
  };
  readonly actionSpace = new Discrete(['wait', 'end']);
  readonly number: InstructedNumber;
  #random: Random | undefined;
  #number = 0;
  #clock = 0;

  constructor(options?: Readonly<Record<string, unknown>>) {
    this.options = parseOptions(noise.id, noise.options, options) as Record<string, number>;
    const { timeMin, timeMax, maxReward } = this.options;
    this.number = {
      ...{ option: 'time', symbol: 't', meaning: 'time', countsSteps: true },
      ...{ trained: [timeMin!, timeMax!], maxReward: maxReward! },
    };
  }

  reset({ seed, options }: ResetArguments = {}, into?: Observation) {
    const { time } = parseOptions(noise.id, noise.resetOptions, options) as { time?: number };
    if (seed !== undefined) this.#random = new Random(seed);
    this.#random ??= new Random();
    this.#number = time ?? 3;
    this.#clock = 0;
    return restart(this.#observe(into));
  }

  step(action: number, into?: Observation) {
    if (this.#random === undefined) throw new EnvError('reset it');
    this.#clock++;
    const observation = this.#observe(into);
    if (action === 1 && this.#random.uniform() < 0.2) {
      return termination(observation, 10 - Math.abs(this.#clock - this.#number));
    }
    if (this.#clock < this.#number + 4) return transition(observation, 0);
    return truncation(observation, 0);
  }

  render() {
    return { pixels: this.#observe().pixels, height: SIDE, width: SIDE };
  }

  close() {}

  state(): Json {
    throw new EnvError('not needed');
  }

  restore(): Observation {
    throw new EnvError('not needed');
  }

  #observe(into?: Observation): Observation {
    const observation = into ?? {
      pixels: new Uint8Array(SIDE * SIDE * 3),
      instruction: new Float32Array(1),
    };
    observation.pixels.fill(0);
    for (let i = 0; i < 48; i++) observation.pixels[i] = this.#random!.integer(0, 255);
    observation.instruction[0] = this.#number;
    return observation;
  }
}

export const noise: EnvSpec = {
  id: 'Noise-v0',
  summary: 'Noise until it ends.',
  options: z.strictObject({
    timeMin: z.int().default(2),
    timeMax: z.int().default(4),
    maxReward: z.number().default(10),
  }),
  resetOptions: z.strictObject({ time: z.int().min(1).max(100).optional() }),
  create: (options) => new Noise(options),
};
