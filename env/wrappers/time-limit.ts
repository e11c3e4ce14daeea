import * as z from 'zod';
import type { Env, Json, Observation, ResetArguments, StepResult } from '../contract.ts';
import { EnvError } from '../errors.ts';
import { Wrapper } from './wrapper.ts';

const stateSchema = z.int().min(0);

/** The metrics of an episode that was cut off before it did what its number says. */
const NOT_FOLLOWED = Object.freeze({ exact: 0, arrived: 0 });

/**
 * Cuts an episode off after a number of steps (Gymnasium's `TimeLimit`): the last result is `truncated`, unless the world terminates at
 * the same step. An episode that is cut off has not done what its number says, so its metrics are `exact` and `arrived`, both 0.
 * The spaces do not change.
 */
export class TimeLimit extends Wrapper {
  /** Steps of the longest episode. */
  readonly steps: number;
  #taken = 0;
  #over = false;

  /** @throws EnvError unless `steps` is a whole number of at least 1 */
  constructor(env: Env, { steps }: { readonly steps: number }) {
    super(env);
    if (!Number.isInteger(steps) || steps < 1) {
      throw new EnvError(`TimeLimit: steps is a whole number of at least 1, not ${steps}`);
    }
    this.steps = steps;
  }

  override reset(args?: ResetArguments, into?: Observation) {
    const result = super.reset(args, into);
    this.#taken = 0;
    this.#over = false;
    return result;
  }

  override step(action: number, into?: Observation): StepResult {
    if (this.#over) {
      throw new EnvError(`${this.spec.id}: the episode is over; reset it before the next step`);
    }
    const result = super.step(action, into);
    this.#taken++;
    if (result.terminated || result.truncated || this.#taken < this.steps) return result;
    this.#over = true;
    if (this.number === undefined) return { ...result, truncated: true };
    const { info } = result;
    return { ...result, truncated: true, info: { ...info, metrics: NOT_FOLLOWED } };
  }

  override state(): Json {
    return this.sealed(this.#taken);
  }

  override restore(state: Json, into?: Observation): Observation {
    const { own, env } = this.unsealed(stateSchema.max(this.steps), state);
    const observation = super.restore(env, into);
    this.#taken = own;
    this.#over = own === this.steps;
    return observation;
  }
}
