import type { Env } from '../contract.ts';
import { EnvError } from '../errors.ts';
import { TransformReward, type TransformRewardSettings } from './transform-reward.ts';

export interface ClipRewardSettings extends TransformRewardSettings {
  /** The least reward of a step; −1 by default. */
  readonly low?: number;
  /** The greatest; 1 by default. */
  readonly high?: number;
}

/**
 * Clips the reward of each step to `low`..`high` (Gymnasium's `ClipReward`). NaN stays NaN, so that it is noticed. The spaces do not
 * change.
 */
export class ClipReward extends TransformReward {
  /** @throws EnvError unless `low` is at most `high`, and as `TransformReward` does */
  constructor(env: Env, { low = -1, high = 1, ...settings }: ClipRewardSettings = {}) {
    if (!(low <= high)) throw new EnvError(`ClipReward: low (${low}) is at most high (${high})`);
    super(env, (reward) => Math.min(Math.max(reward, low), high), settings);
  }
}
