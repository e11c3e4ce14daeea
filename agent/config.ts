import { z } from 'zod';
import type { PullOptions } from './cells/nac.ts';

/** A size; the bound keeps a typing mistake from asking for terabytes. */
const whole = () => z.int().min(1).max(8192);
const share = () => z.number().min(0).max(1);
const dropout = () => share().lt(1).meta({ takes: 'a number from 0 up to, but not including, 1' });
const decay = () =>
  z.number().min(0).lt(1).meta({ takes: 'a number from 0 up to, but not including, 1' });

const convolution = z.strictObject({ filters: whole(), size: whole(), stride: whole() });

/** What every agent has and how it learns; the options of its pathway join these. Saved with every run. */
export const agentConfigSchema = z.strictObject({
  pathway: z.string().default('nac').describe('how the instruction reaches the LSTM'),
  convolutions: z
    .array(convolution)
    .min(1)
    .default([
      { filters: 16, size: 8, stride: 4 },
      { filters: 32, size: 4, stride: 2 },
    ])
    .describe('the convolutions over the pixels, first to last')
    .meta({ takes: 'a list such as [{"filters":16,"size":8,"stride":4}], all whole and positive' }),
  dense: whole().default(128).describe('units of the dense layer after the convolutions'),
  pictures: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe('how many of the latest pictures the dense layer sees; from 2 on it sees what moves'),
  lstm: whole().default(128).describe('units of the LSTM'),
  memoryDropout: dropout()
    .default(0)
    .describe("how likely a step loses the LSTM's state, in training"),
  memoryDecay: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe("greatest share of the LSTM's cell that stays from one step to the next"),
  worlds: whole().default(32).describe('worlds acted in at once'),
  steps: whole().default(20).describe('steps of a rollout, each world'),
  discount: share().default(0.99).describe('discount of a reward one step later'),
  gaeLambda: share().default(0.95).describe('decay of the advantage estimate (GAE λ)'),
  normalizeAdvantages: z
    .boolean()
    .default(true)
    .describe('divide advantages by the root of their running mean square'),
  entropyBonus: z.number().min(0).default(0.02).describe('weight of the entropy in the loss'),
  entropySchedule: z
    .enum(['linear', 'constant'])
    .default('linear')
    .describe('linear: the entropy bonus falls until the last frame'),
  entropyLeft: share()
    .default(0.1)
    .describe('share of the entropy bonus that is left at the last frame, where it falls'),
  valueWeight: z.number().min(0).default(2).describe('weight of the value loss'),
  maxGradientNorm: z
    .number()
    .positive()
    .default(1)
    .describe('global norm that gradients are clipped to'),
  optimizer: z.enum(['adam', 'rmsprop']).default('adam').describe('the optimiser'),
  learningRate: z
    .number()
    .positive()
    .default(2e-3)
    .describe(
      'greatest learning rate; half of it by default where pictures have more than 56 × 56 pixels',
    ),
  learningRateSchedule: z
    .enum(['linear', 'constant'])
    .default('linear')
    .describe('linear: falls to zero at the last frame'),
  warmup: share()
    .default(0.075)
    .describe('share of the training over which the learning rate rises from zero'),
  adamBeta1: decay().default(0.9).describe('decay of the mean gradient (adam)'),
  adamBeta2: decay().default(0.999).describe('decay of the mean squared gradient (adam)'),
  rmspropDecay: decay().default(0.99).describe('decay of the mean squared gradient (rmsprop)'),
  epsilon: z.number().positive().default(1e-5).describe('added to the root of the mean square'),
  rewardScale: z
    .number()
    .positive()
    .default(0.1)
    .describe(
      'factor on rewards while learning; where the world states its highest reward, one over that by default',
    ),
});

/** What these keys stand for in a run that was started before they existed. */
export const BEFORE_THESE_KEYS: Partial<AgentConfig> = {
  normalizeAdvantages: false,
  entropySchedule: 'constant',
  entropyLeft: 0.1,
  warmup: 0,
  memoryDecay: 1,
  pictures: 1,
};

/** A configuration: what every agent has, and the options of its pathway by name. */
export type AgentConfig = z.infer<typeof agentConfigSchema> &
  Partial<PullOptions> &
  Readonly<Record<string, unknown>>;

/**
 * Sizes by name. `small` is the default; `a3c` is the network of Mnih et al. 2016, section 5.
 */
export const PRESETS = {
  small: { dense: 128, lstm: 128 },
  a3c: { dense: 256, lstm: 256 },
} as const;
export type PresetName = keyof typeof PRESETS;

/** What a world shows and what an agent can do in it: all that the network knows of it. */
export interface WorldShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Length of the instruction; zero where the world tells nothing. */
  readonly instruction: number;
  readonly actions: number;
}

/** The usual convolutions, but none larger than the picture that it gets in a small world. */
export function fittingConvolutions(world: WorldShape): AgentConfig['convolutions'] {
  let { height, width } = world;
  return agentConfigSchema.parse({}).convolutions.map((usual) => {
    const size = Math.min(usual.size, height, width);
    const stride = Math.min(usual.stride, size);
    height = Math.floor((height - size) / stride) + 1;
    width = Math.floor((width - size) / stride) + 1;
    return { ...usual, size, stride };
  });
}

/** Pixels of the largest picture that agents learn from at the full learning rate by default. */
const FULL_RATE_PIXELS = 56 * 56;

/**
 * The learning rate to use by default. In a world of large pictures, some seeds open or shut all of the LSTM's gates for good at the full
 * rate, before they have learned anything (docs/counter/README.md).
 */
export const usualLearningRate = (fullRate: number, { height, width }: WorldShape): number =>
  height * width > FULL_RATE_PIXELS ? fullRate / 2 : fullRate;

/** A configuration or a network that cannot be; the message is one sentence for the user. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
