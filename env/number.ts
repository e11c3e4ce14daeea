/**
 * The main number that a world tells its agent: what an evaluation varies, and what the page lets a person choose. Most worlds tell
 * one. Those that tell several declare the rest as `otherNumbers`; each of them can be fixed or varied too.
 *
 * A world that has a number says at an episode's end, in `info.metrics`, how well it was followed: `exact` (1 where to the letter, else
 * 0), `arrived` (1 where the task was done at all, else 0) and, where it was, `error` (by how much, less than zero for too little).
 */
export interface InstructedNumber {
  /** The option of `reset` that fixes it for one episode, inside `trained` or far beyond it. It also names the number: `--numbers first=3`. */
  readonly option: string;
  /** As on the axes of a figure: `t`. */
  readonly symbol: string;
  /** What it says, in a word or two: `time`. */
  readonly meaning: string;
  /** Where it stands in the instruction; first where left out. */
  readonly place?: number;
  /** Whether it counts steps from the start of the episode, so that a clock can be compared with it. */
  readonly countsSteps: boolean;
  /**
   * Where the number counts stretches of several steps: the option of the other number that says how many steps each has. The
   * episode should then end at the step of their product.
   */
  readonly stepsEach?: string;
  /** The least and the greatest that an episode draws where nobody fixes it. */
  readonly trained: readonly [number, number];
  /** The reward of an episode that does exactly what the number says; in a world of several numbers, what all of them say. */
  readonly maxReward: number;
}

/** A number that is told besides the main one. */
export type OtherNumber = Omit<InstructedNumber, 'maxReward' | 'stepsEach'>;

/** What a report says of a number. */
export type NumberName = Pick<InstructedNumber, 'symbol' | 'meaning' | 'countsSteps'>;

/** What has numbers: a world, or what is known of one. */
interface WithNumbers {
  readonly number?: InstructedNumber | undefined;
  readonly otherNumbers?: readonly OtherNumber[] | undefined;
}

/** Values of numbers by the names of their options. */
export type NumberValues = Readonly<Record<string, number>>;

/** Every number of a world, the main one first. */
export function numbersOf({ number, otherNumbers = [] }: WithNumbers): readonly OtherNumber[] {
  return number ? [number, ...otherNumbers] : [];
}

/**
 * The options of `reset` that fix a world's numbers for one episode.
 * @param value of the main number; null: the world draws it
 * @param others values of other numbers
 */
export function fixing(
  { number }: WithNumbers,
  value: number | null,
  others: NumberValues = {},
): NumberValues | undefined {
  const main = number && value !== null ? { [number.option]: value } : {};
  const options = { ...main, ...others };
  return Object.keys(options).length === 0 ? undefined : options;
}

/** The value of each number that an observation tells. @param instruction float32 [k] */
export function valuesIn(world: WithNumbers, instruction: Float32Array): NumberValues {
  return Object.fromEntries(
    numbersOf(world).flatMap(({ option, place = 0 }) => {
      const value = instruction[place];
      return value === undefined ? [] : [[option, value]];
    }),
  );
}

/**
 * The names of an instruction's elements: the symbol of the number that stands there.
 * @param names of the elements that no number stands for
 */
export function instructionSymbols(world: WithNumbers, names: readonly string[]): string[] {
  const byPlace = new Map(numbersOf(world).map(({ place = 0, symbol }) => [place, symbol]));
  return names.map((name, i) => byPlace.get(i) ?? name);
}
