import * as z from 'zod';
import type { Env, Json, Observation, ResetArguments, StepResult } from '../contract.ts';
import { EnvError } from '../errors.ts';
import { Wrapper } from './wrapper.ts';

/** How an episode went. */
export interface EpisodeStatistics {
  /** The sum of its rewards. */
  readonly return: number;
  /** Its steps. */
  readonly length: number;
}

const count = z.int().min(0);
const stateSchema = z.strictObject({
  return: z.number(),
  length: count,
  returns: z.array(z.number()),
  lengths: z.array(count),
});

/**
 * Sums up each episode (Gymnasium's `RecordEpisodeStatistics`, without the elapsed time). The last result's info has an `episode` with
 * its return and length, and its metrics have a `return`, which training records. Inside a wrapper that changes rewards it sums the
 * original ones; inside one that ends episodes it does not see those ends. The latest episodes are kept. The spaces do not change.
 */
export class RecordEpisodeStatistics extends Wrapper {
  /** How many of the latest episodes are kept. */
  readonly window: number;
  #return = 0;
  #length = 0;
  #returns: number[] = [];
  #lengths: number[] = [];

  /** @throws EnvError unless `window` is a whole number of at least 0 */
  constructor(env: Env, { window = 100 }: { readonly window?: number } = {}) {
    super(env);
    if (!Number.isInteger(window) || window < 0) {
      throw new EnvError(
        `RecordEpisodeStatistics: window is a whole number of at least 0, not ${window}`,
      );
    }
    this.window = window;
  }

  /** The latest episodes, the most recent last. */
  get latest(): EpisodeStatistics[] {
    return this.#returns.map((sum, i) => ({ return: sum, length: this.#lengths[i]! }));
  }

  override reset(args?: ResetArguments, into?: Observation) {
    const result = super.reset(args, into);
    this.#return = 0;
    this.#length = 0;
    return result;
  }

  override step(action: number, into?: Observation): StepResult {
    const result = super.step(action, into);
    this.#return += result.reward;
    this.#length++;
    if (!result.terminated && !result.truncated) return result;
    const episode: EpisodeStatistics = { return: this.#return, length: this.#length };
    this.#returns.push(episode.return);
    this.#lengths.push(episode.length);
    if (this.#returns.length > this.window) {
      this.#returns.shift();
      this.#lengths.shift();
    }
    const metrics = { ...result.info.metrics, return: episode.return };
    return { ...result, info: { ...result.info, metrics, episode } };
  }

  override state(): Json {
    return this.sealed({
      return: this.#return,
      length: this.#length,
      returns: [...this.#returns],
      lengths: [...this.#lengths],
    });
  }

  override restore(state: Json, into?: Observation): Observation {
    const { own, env } = this.unsealed(stateSchema, state);
    const observation = super.restore(env, into);
    this.#return = own.return;
    this.#length = own.length;
    this.#returns = own.returns;
    this.#lengths = own.lengths;
    return observation;
  }
}
