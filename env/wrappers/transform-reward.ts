import type { Env, Observation, StepResult } from '../contract.ts';
import { EnvError } from '../errors.ts';
import { Wrapper } from './wrapper.ts';

export interface TransformRewardSettings {
  /** The new reward of an episode that does exactly what the world's number says; required where the world has a number. */
  readonly maxReward?: number;
}

/**
 * Replaces each reward by a function of it (Gymnasium's `TransformReward`). The function does not tell the greatest reward of an episode,
 * since a world may reward in parts: `maxReward` says it. The spaces do not change.
 */
export class TransformReward extends Wrapper {
  readonly #transform: (reward: number) => number;

  /**
   * @param transform of the reward of one step; it must not keep state
   * @throws EnvError for a world with a number where `maxReward` is missing or not above 0
   */
  constructor(
    env: Env,
    transform: (reward: number) => number,
    { maxReward }: TransformRewardSettings = {},
  ) {
    const { number } = env;
    const name = new.target.name;
    if (number && !(maxReward! > 0 && Number.isFinite(maxReward))) {
      throw new EnvError(
        `${name}: say what an episode of ${env.spec.id} that does exactly what its number says is now worth, { maxReward }: a number above 0, not ${maxReward}`,
      );
    }
    super(env, { number: number && { ...number, maxReward: maxReward! } });
    this.#transform = transform;
  }

  override step(action: number, into?: Observation): StepResult {
    const result = super.step(action, into);
    return { ...result, reward: this.#transform(result.reward) };
  }
}
