import * as z from 'zod';
import {
  colour,
  consistent,
  count,
  drawable,
  gridOptions,
  ordered,
  positive,
  slack,
} from './base/grid-options.ts';

/** The most coins that can be asked for. */
export const LARGEST_COUNT = 2 ** 20;

const asked = z.int().min(1).max(LARGEST_COUNT);
/** The options of a world with coins. */
export const options = z
  .strictObject({
    ...gridOptions({ size: 3, pixels: 36 }),
    coinColour: colour('coins', 255, 210, 0),
    exitColour: colour('exit', 0, 160, 60),
    coins: z.int().min(1).max(64).default(1).describe('coins on the grid at a time'),
    countMin: asked.default(1).describe('least number of coins asked for'),
    countMax: asked.default(5).describe('greatest number of coins asked for'),
    stepsPerCoin: z
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe('steps for each coin asked for until the exit shuts'),
    slack: slack(8).describe('steps beyond those until the exit shuts'),
    maxReward: positive(10).describe(
      'reward of collecting exactly that many (half of it) and leaving (the other half)',
    ),
    costPerCoin: positive(2).describe(
      'cost of each coin too many or too few, taken from the reward of leaving',
    ),
  })
  .check(consistent((value) => [ordered(value, 'countMin', 'countMax'), drawable(value)]));

/** Of one episode. */
export const resetOptions = z.strictObject({
  count: asked
    .optional()
    .describe('coins asked for in this episode, within countMin..countMax or beyond'),
});

export type CountCoinsInput = z.input<typeof options>;
export type CountCoinsOptions = z.infer<typeof options>;
export type CountCoinsResetOptions = z.infer<typeof resetOptions>;

/** What an episode holds. @param cell the schema of a cell */
export const shape = (cell: z.ZodInt) => ({
  coins: z.array(cell),
  exit: cell,
  agent: cell,
  asked,
  collected: count,
});
