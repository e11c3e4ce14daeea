import * as z from 'zod';
import type { Env, EnvSpec, Observation, ResetArguments } from '../../env/contract.ts';
import { restart, termination, transition, truncation } from '../../env/contract.ts';
import { Box, Discrete, parseOptions } from '../../env/index.ts';

const SIDE = 8;
const LONGEST = 12;

/** A world whose number counts no steps, and that says of no place where the agent is: take k coins, then leave. */
export class Purse implements Env {
  readonly spec = purse;
  readonly options = {};
  readonly observationSpace = {
    pixels: new Box([SIDE, SIDE, 3], 'uint8', 0, 255),
    instruction: new Box([1], 'float32', 0, 100),
  };
  readonly actionSpace = new Discrete(['take', 'wait', 'leave']);
  readonly number = {
    ...{ option: 'coins', symbol: 'k', meaning: 'coins', countsSteps: false },
    ...{ trained: [1, 3] as const, maxReward: 5 },
  };
  #told = 0;
  #taken = 0;
  #steps = 0;

  reset({ options }: ResetArguments = {}, into?: Observation) {
    const { coins = 2 } = parseOptions(purse.id, purse.resetOptions, options) as { coins?: number };
    [this.#told, this.#taken, this.#steps] = [coins, 0, 0];
    return restart(this.#observe(into));
  }

  step(action: number, into?: Observation) {
    this.#steps++;
    if (action === 0) this.#taken++;
    const observation = this.#observe(into);
    const error = this.#taken - this.#told;
    const isExact = error === 0;
    if (action === 2) {
      const metrics = { arrived: 1, exact: isExact ? 1 : 0, error };
      return termination(observation, isExact ? 5 : 0, { metrics });
    }
    if (this.#steps < LONGEST) return transition(observation, 0);
    return truncation(observation, 0, { metrics: { arrived: 0, exact: 0 } });
  }

  render() {
    return { pixels: this.#observe().pixels, height: SIDE, width: SIDE };
  }

  close() {}

  state() {
    return [this.#told, this.#taken, this.#steps];
  }

  restore(state: unknown, into?: Observation) {
    [this.#told, this.#taken, this.#steps] = state as [number, number, number];
    return this.#observe(into);
  }

  #observe(into?: Observation): Observation {
    const observation = into ?? {
      pixels: new Uint8Array(SIDE * SIDE * 3),
      instruction: new Float32Array(1),
    };
    observation.pixels.fill(0).fill(200, 0, 3 * this.#taken);
    observation.instruction[0] = this.#told;
    return observation;
  }
}

export const purse: EnvSpec = {
  id: 'Purse-v0',
  summary: 'Take as many coins as you were told, then leave.',
  options: z.strictObject({}),
  resetOptions: z.strictObject({ coins: z.int().min(1).optional() }),
  create: () => new Purse(),
};
