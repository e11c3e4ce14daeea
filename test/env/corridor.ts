import * as z from 'zod';
import type { Env, EnvSpec, Json, Observation, ResetArguments } from '../../env/contract.ts';
import { restart, termination, transition, truncation } from '../../env/contract.ts';
import { Box, Discrete, EnvError, parseOptions, Random } from '../../env/index.ts';

/**
 * Another world than the timed grid, as small as one can be: a corridor of one row of pixels that instructs nothing. Going on
 * from the last place ends it with reward 1; staying six times cuts it off, the reward of each stay being −0.5.
 */
export class Corridor implements Env {
  readonly spec = corridor;
  readonly options: { length: number };
  readonly observationSpace: Env['observationSpace'];
  readonly actionSpace = new Discrete(['stay', 'on']);
  #random: Random | undefined;
  #place = 0;
  #stays = 0;

  constructor(options?: { length?: number }) {
    this.options = parseOptions(corridor.id, corridor.options, options) as { length: number };
    this.observationSpace = {
      pixels: new Box([1, this.options.length, 3], 'uint8', 0, 255),
      instruction: new Box([0], 'float32', 0, 0),
    };
  }

  reset({ seed, options }: ResetArguments = {}, into?: Observation) {
    parseOptions(corridor.id, corridor.resetOptions, options);
    if (seed !== undefined) this.#random = new Random(seed);
    this.#random ??= new Random();
    this.#place = this.#random.integer(0, this.options.length - 1);
    this.#stays = 0;
    return restart(this.#observe(into));
  }

  step(action: number, into?: Observation) {
    if (this.#random === undefined) throw new EnvError('reset it');
    if (this.#over) throw new EnvError('it is over');
    if (!this.actionSpace.contains(action)) throw new EnvError('no such action');
    if (action === 1) this.#place++;
    else this.#stays++;
    const observation = this.#observe(into);
    const metrics = { stays: this.#stays };
    if (this.#place === this.options.length) return termination(observation, 1, { metrics });
    if (this.#stays === 6) return truncation(observation, -0.5, { metrics });
    return transition(observation, action === 0 ? -0.5 : 0);
  }

  render() {
    const { pixels } = this.#observe();
    return { pixels, height: 1, width: this.options.length };
  }

  close() {}

  state(): Json {
    if (this.#random === undefined) throw new EnvError('reset it');
    return { random: this.#random.state(), place: this.#place, stays: this.#stays };
  }

  restore(state: Json, into?: Observation) {
    const schema = z.object({ random: z.unknown(), place: z.int(), stays: z.int() });
    const { success, data } = schema.safeParse(state);
    if (!success) throw new EnvError('not a state');
    this.#random = Random.restore(data.random);
    this.#place = data.place;
    this.#stays = data.stays;
    return this.#observe(into);
  }

  get #over() {
    return this.#place === this.options.length || this.#stays === 6;
  }

  #observe(into?: Observation): Observation {
    const { length } = this.options;
    const observation = into ?? {
      pixels: new Uint8Array(length * 3),
      instruction: new Float32Array(0),
    };
    for (let i = 0; i < length; i++) {
      observation.pixels.fill(i === this.#place ? 255 : this.#stays, i * 3, i * 3 + 3);
    }
    return observation;
  }
}

export const corridor: EnvSpec = {
  id: 'Corridor-v0',
  summary: 'Go on to the end.',
  options: z.strictObject({ length: z.int().min(1).default(4).describe('places') }),
  resetOptions: z.strictObject({}),
  create: (options) => new Corridor(options),
};
