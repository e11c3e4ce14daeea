/**
 * The number that a world tells its agent: what an evaluation varies, and what the page lets a person choose.
 *
 * A world that has one says at an episode's end, in `info.metrics`, how well it was followed: `exact` (1 where to the letter, else
 * 0), `arrived` (1 where the task was done at all, else 0) and, where it was, `error` (by how much, less than zero for too little).
 */
export interface InstructedNumber {
  /** The option of `reset` that fixes it for one episode, inside `trained` or far beyond it. */
  readonly option: string;
  /** As on the axes of a figure: `t`. */
  readonly symbol: string;
  /** What it says, in a word or two: `time`. */
  readonly meaning: string;
  /** Where it stands in the instruction; first where left out. */
  readonly place?: number;
  /** Whether it counts steps from the start of the episode, so that a clock can be compared with it. */
  readonly countsSteps: boolean;
  /** The least and the greatest that an episode draws where nobody fixes it. */
  readonly trained: readonly [number, number];
  /** The reward of an episode that does exactly what the number says. */
  readonly maxReward: number;
}

/** What a report says of a number. */
export type NumberName = Pick<InstructedNumber, 'symbol' | 'meaning' | 'countsSteps'>;

/** The options of `reset` that fix a world's number for one episode. */
export function fixing(
  { number }: { readonly number?: InstructedNumber },
  value: number,
): Readonly<Record<string, unknown>> | undefined {
  return number && { [number.option]: value };
}
