import * as z from 'zod';

/** The largest whole number up to which float32 is exact. */
export const LARGEST_TIME = 2 ** 24;

/** A time to arrive at, in steps. */
export const time = z.int().min(1).max(LARGEST_TIME);

/** A whole number of at least 0, in a state. */
export const count = z.int().min(0);

const channel = z.int().min(0).max(255);
const rgb = z
  .tuple([channel, channel, channel])
  .meta({ takes: 'three whole numbers from 0 to 255' });

/** The colour of something. */
export const colour = (of: string, ...usual: z.infer<typeof rgb>) =>
  rgb.default(usual).describe(`red, green and blue of the ${of}`);

/** A number above 0. */
export const positive = (usual: number) => z.number().gt(0).default(usual);

/** The size and the colours of a grid. */
export const gridOptions = (usual: { size: number; pixels: number }) => ({
  size: z.int().min(2).max(64).default(usual.size).describe('cells along a side'),
  pixels: z.int().min(2).max(1024).default(usual.pixels).describe('pixels along a side'),
  groundColour: colour('ground', 0, 0, 0),
  agentColour: colour('agent', 128, 128, 128),
});

/** Steps left after the time. */
export const slack = (usual: number) =>
  z.int().min(0).max(LARGEST_TIME).default(usual).describe('steps left after that time');

/** The times that are told and the reward of arriving on time, 10 by default. */
export const timeOptions = (usual: {
  readonly timeMin: number;
  readonly timeMax: number;
  readonly slack: number;
  readonly maxReward?: number;
}) => ({
  timeMin: time.default(usual.timeMin).describe('least time that is told'),
  timeMax: time.default(usual.timeMax).describe('greatest time that is told'),
  slack: slack(usual.slack),
  maxReward: positive(usual.maxReward ?? 10).describe('reward of arriving at exactly that time'),
  timing: z
    .enum(['linear', 'exact'])
    .default('linear')
    .describe('linear: each step off the time costs 1; exact: only the exact time pays'),
  instruction: z
    .enum(['always', 'first'])
    .default('always')
    .describe('always: the time is told at every step; first: at the first only, then 0'),
});

/** The options of every world that tells one time. */
export interface TimedOptions {
  readonly size: number;
  readonly pixels: number;
  readonly timeMin: number;
  readonly timeMax: number;
  readonly slack: number;
  readonly maxReward: number;
  readonly timing: 'linear' | 'exact';
  readonly instruction: 'always' | 'first';
}

/** Options of one episode in which a time is told. */
export const timeResetOptions = z.strictObject({
  time: time.optional().describe('time of this episode, within timeMin..timeMax or beyond'),
});

export type TimeResetOptions = z.infer<typeof timeResetOptions>;

/**
 * A check of all options together, for `z.check`.
 * @param contradictions for each way in which options can contradict each other, a sentence where they do
 */
export function consistent<Options>(
  contradictions: (options: Options) => readonly (string | false | undefined)[],
) {
  return ({ value, issues }: z.core.ParsePayload<Options>): void => {
    for (const message of contradictions(value)) {
      if (message) issues.push({ code: 'custom', message, input: value });
    }
  };
}

/** Says so where the first of two options is greater than the second. */
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

/** Says so where a grid has more cells than pixels along a side. */
export function drawable({ pixels, size }: { pixels: number; size: number }): string | false {
  return pixels < size && `pixels (${pixels}) must be at least size (${size})`;
}
