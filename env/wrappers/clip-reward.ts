import type { Env } from '../contract.ts';
import { EnvError } from '../errors.ts';
import { TransformReward, type TransformRewardSettings } from './transform-reward.ts';

export interface ClipRewardSettings extends TransformRewardSettings {
  /** The least reward of a step, −1 unless given. */
  readonly low?: number;
  /** The greatest, 1 unless given. */
  readonly high?: number;
}

/**
 * Pays at least `low` and at most `high` for each step (Gymnasium's `ClipReward`). A reward that is not a number stays one, so that
 * it is noticed. The spaces stay as they are.
 */
export class ClipReward extends TransformReward {
  /** @throws EnvError unless `low` is at most `high`, and as `TransformReward` does */
  constructor(env: Env, { low = -1, high = 1, ...settings }: ClipRewardSettings = {}) {
    if (!(low <= high)) throw new EnvError(`ClipReward: low (${low}) is at most high (${high})`);
    super(env, (reward) => Math.min(Math.max(reward, low), high), settings);
  }
}
