import * as z from 'zod';

/** Up to here a float32 tells every whole number from the next. */
export const LARGEST_TIME = 2 ** 24;

/** A time to arrive at, in steps. */
export const time = z.int().min(1).max(LARGEST_TIME);
const channel = z.int().min(0).max(255);
const colour = z
  .tuple([channel, channel, channel])
  .meta({ takes: 'three whole numbers from 0 to 255' });

/** What can be chosen about a timed grid. */
export const options = z
  .strictObject({
    size: z.int().min(2).max(64).default(5).describe('cells along a side'),
    pixels: z.int().min(2).max(1024).default(56).describe('pixels along a side'),
    groundColour: colour.default([0, 0, 0]).describe('red, green and blue of the ground'),
    agentColour: colour.default([128, 128, 128]).describe('red, green and blue of the agent'),
    targetColour: colour.default([255, 0, 0]).describe('red, green and blue of the target'),
    timeMin: time.default(5).describe('the least time that is told'),
    timeMax: time.default(12).describe('the greatest time that is told'),
    slack: z.int().min(0).max(LARGEST_TIME).default(12).describe('steps left after that time'),
    maxReward: z.number().gt(0).default(10).describe('reward of arriving at exactly the time'),
    timing: z
      .enum(['linear', 'exact'])
      .default('linear')
      .describe('whether each step off the time costs 1, or everything'),
    instruction: z
      .enum(['always', 'first'])
      .default('always')
      .describe('whether the time is told at every step, or first only and 0 afterwards'),
  })
  .check(({ value, issues }) => {
    const { timeMin, timeMax, pixels, size } = value;
    const refuse = (message: string) => issues.push({ code: 'custom', message, input: value });
    if (timeMin > timeMax) {
      refuse(`timeMin (${timeMin}) must be at most timeMax (${timeMax})`);
    }
    if (pixels < size) refuse(`pixels (${pixels}) must be at least size (${size})`);
  });

/** What can be chosen about one episode. */
export const resetOptions = z.strictObject({
  time: time.optional().describe('the time of this episode, within timeMin..timeMax or beyond'),
});

export type TimedGridInput = z.input<typeof options>;
export type TimedGridOptions = z.infer<typeof options>;
