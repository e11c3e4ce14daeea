import type { NumberName, NumberValues, OtherNumber } from '../../env/index.ts';
import type { Policy } from '../play/episodes.ts';

/** The value at which a number was fixed, or the least and the greatest that the world drew for it. */
export type OtherValue = number | readonly [number, number];

/** How far episodes that did the task were off, as their world says: below zero is too early or too little. */
export interface ErrorSummary {
  /** Episodes that have an error. */
  readonly episodes: number;
  readonly mean: number;
  /** Shares of those episodes that were below zero and above it, 0 to 1. */
  readonly early: number;
  readonly late: number;
  readonly least: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly greatest: number;
}

/** One agent with either policy, in the same episodes at numbers of training. */
export interface PolicyComparison {
  /** Episodes with each. */
  readonly episodes: number;
  /** The least and the greatest number of these. */
  readonly numbers: readonly [number, number];
  /** Mean rewards. */
  readonly greedy: number;
  readonly sample: number;
}

/** One run evaluated at one value of the world's number; in the timed grid, at one time. */
export interface Row {
  /** The number asked for; in the timed grid, the time in steps. */
  readonly number: number;
  /** The world's other numbers, by the names of their options; absent where it tells no others. */
  readonly others?: Readonly<Record<string, OtherValue>>;
  /** Episodes played at this number. */
  readonly episodes: number;
  /** Mean reward of an episode. */
  readonly meanReward: number;
  /** Share of the episodes that did exactly what this number says, 0 to 1. */
  readonly exact: number;
  /** Share of the episodes that anyone could do exactly, 0 to 1; absent where the world does not say. */
  readonly exactAtMost?: number;
  /** Share of the episodes that arrived at all, 0 to 1. */
  readonly arrived: number;
  /** Mean step of arrival over the episodes that arrived; null where none did. */
  readonly meanArrival: number | null;
  /** Share of the episodes that never arrived, 0 to 1. */
  readonly neverArrived: number;
  /** Null where the world gives none, or no episode has one. */
  readonly error?: ErrorSummary | null;
  /** Each of the world's metrics, as the mean over the episodes that give it. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** One run evaluated at a range of numbers. */
export interface Evaluation {
  /** What names the run to a person, its folder for instance. */
  readonly run: string;
  /** The agent's name; evaluations of one label are seeds of one agent. */
  readonly label: string;
  readonly seed: number;
  /** Frames the run was trained for. */
  readonly frames: number;
  /** What the world's number is called and says. */
  readonly number: NumberName;
  /** The world's other numbers; absent where it tells no others. */
  readonly otherNumbers?: readonly Pick<OtherNumber, 'option' | 'symbol' | 'meaning'>[];
  /** Highest reward an episode can earn. */
  readonly maxReward: number;
  /** Least and greatest number met in training, both included. */
  readonly trainingRange: readonly [number, number];
  readonly policy: Policy;
  /** Absent where no number of training was asked for. */
  readonly policies?: PolicyComparison;
  readonly rows: readonly Row[];
}

/** The values at which a row's other numbers are fixed. */
export function fixedIn({ others = {} }: Pick<Row, 'others'>): NumberValues {
  const fixed = Object.entries(others).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(fixed) as NumberValues;
}

/** Names what `fixedIn` gives. */
export const settingOf = (row: Pick<Row, 'others'>): string => JSON.stringify(fixedIn(row));

/** Orders rows by their fixed numbers, then by the number that they are for. */
export function compareRows(
  a: Pick<Row, 'number' | 'others'>,
  b: Pick<Row, 'number' | 'others'>,
): number {
  const other = fixedIn(b);
  for (const [name, value] of Object.entries(fixedIn(a))) {
    if (value !== other[name]) return value - other[name]!;
  }
  return a.number - b.number;
}
