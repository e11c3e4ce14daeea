import * as z from 'zod';

/** Up to here a float32 tells every whole number from the next. */
export const LARGEST_TIME = 2 ** 24;

/** A time to arrive at, in steps. */
export const time = z.int().min(1).max(LARGEST_TIME);

/** A whole number of at least 0, in a state. */
export const count = z.int().min(0);

const channel = z.int().min(0).max(255);
/** Red, green and blue. */
export const colour = z
  .tuple([channel, channel, channel])
  .meta({ takes: 'three whole numbers from 0 to 255' });

/** How large a grid is, and how it and the agent look. */
export const gridOptions = (usual: { size: number; pixels: number }) => ({
  size: z.int().min(2).max(64).default(usual.size).describe('cells along a side'),
  pixels: z.int().min(2).max(1024).default(usual.pixels).describe('pixels along a side'),
  groundColour: colour.default([0, 0, 0]).describe('red, green and blue of the ground'),
  agentColour: colour.default([128, 128, 128]).describe('red, green and blue of the agent'),
});

/** Steps left after the greatest time. */
export const slack = (usual: number) =>
  z.int().min(0).max(LARGEST_TIME).default(usual).describe('steps left after that time');

/** Which times are told, and what they are worth: 10 unless it is told otherwise. */
export const timeOptions = (usual: {
  readonly timeMin: number;
  readonly timeMax: number;
  readonly slack: number;
  readonly maxReward?: number;
}) => ({
  timeMin: time.default(usual.timeMin).describe('the least time that is told'),
  timeMax: time.default(usual.timeMax).describe('the greatest time that is told'),
  slack: slack(usual.slack),
  maxReward: z
    .number()
    .gt(0)
    .default(usual.maxReward ?? 10)
    .describe('reward of arriving at exactly the time'),
  timing: z
    .enum(['linear', 'exact'])
    .default('linear')
    .describe('whether each step off the time costs 1, or everything'),
  instruction: z
    .enum(['always', 'first'])
    .default('always')
    .describe('whether the time is told at every step, or first only and 0 afterwards'),
});

/** What can be chosen about one episode in which a time is told. */
export const timeResetOptions = z.strictObject({
  time: time.optional().describe('the time of this episode, within timeMin..timeMax or beyond'),
});

/**
 * A check of whole options, for `z.check`.
 * @param complaints every way in which options can contradict each other, in a sentence, or undefined where they do not
 */
export function consistent<Options>(
  complaints: (options: Options) => readonly (string | false | undefined)[],
) {
  return ({ value, issues }: z.core.ParsePayload<Options>): void => {
    for (const message of complaints(value)) {
      if (message) issues.push({ code: 'custom', message, input: value });
    }
  };
}

/** A complaint about a pair of options of which the first must not exceed the second. */
export function ordered<Name extends string>(
  options: Readonly<Record<Name, number>>,
  low: Name,
  high: Name,
): string | false {
  return (
    options[low] > options[high] &&
    `${low} (${options[low]}) must be at most ${high} (${options[high]})`
  );
}

/** A complaint about a grid with more cells than pixels along a side. */
export function drawable({ pixels, size }: { pixels: number; size: number }): string | false {
  return pixels < size && `pixels (${pixels}) must be at least size (${size})`;
}
