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
  time,
} from './base/grid-options.ts';

const second = time.min(2);
/** The options of a world with two times. */
export const options = z
  .strictObject({
    ...gridOptions({ size: 3, pixels: 36 }),
    firstColour: colour('first target', 255, 0, 0),
    secondColour: colour('second target', 0, 80, 255),
    firstMin: time.default(4).describe('least first time that is told'),
    firstMax: time.default(7).describe('greatest first time that is told'),
    secondMin: second.default(11).describe('least second time that is told'),
    secondMax: second.default(15).describe('greatest second time that is told'),
    slack: slack(12),
    maxReward: positive(20).describe('reward of reaching both on time, half of it for each'),
  })
  .check(
    consistent((value) => [
      ordered(value, 'firstMin', 'firstMax'),
      ordered(value, 'secondMin', 'secondMax'),
      value.firstMax >= value.secondMin &&
        `firstMax (${value.firstMax}) must be below secondMin (${value.secondMin})`,
      drawable(value),
    ]),
  );

/** Of one episode. */
export const resetOptions = z
  .strictObject({
    first: time.optional().describe('first time of this episode'),
    second: second
      .optional()
      .describe('second time of this episode, within secondMin..secondMax or beyond'),
  })
  .check(
    consistent(({ first, second }) => [
      first !== undefined &&
        second !== undefined &&
        first >= second &&
        `first (${first}) must be below second (${second})`,
    ]),
  );

export type TwoTimesInput = z.input<typeof options>;
export type TwoTimesOptions = z.infer<typeof options>;
export type TwoTimesResetOptions = z.infer<typeof resetOptions>;

/** What an episode holds. @param cell the schema of a cell */
export const shape = (cell: z.ZodInt) => ({
  targets: z.tuple([cell, cell]),
  agent: cell,
  times: z.tuple([time, time]),
  /** When the first target was reached; 0 until then. */
  reached: count,
});
