import type { Env, Observation, StepResult } from '../contract.ts';
import { Wrapper } from './wrapper.ts';

export interface TransformRewardSettings {
  /**
   * The reward of an episode that does what the world's number says, as it is now. Without it, `transform` of what it was, which is
   * right where it is paid all at once.
   */
  readonly maxReward?: number;
}

/**
 * Pays another reward, a function of the world's own (Gymnasium's `TransformReward`); `number.maxReward` goes with it. The spaces
 * stay as they are.
 */
export class TransformReward extends Wrapper {
  readonly #transform: (reward: number) => number;

  /** @param transform from the reward of a step alone: it must remember nothing */
  constructor(
    env: Env,
    transform: (reward: number) => number,
    { maxReward }: TransformRewardSettings = {},
  ) {
    const { number } = env;
    super(env, {
      number: number && { ...number, maxReward: maxReward ?? transform(number.maxReward) },
    });
    this.#transform = transform;
  }

  override step(action: number, into?: Observation): StepResult {
    const result = super.step(action, into);
    return { ...result, reward: this.#transform(result.reward) };
  }
}
