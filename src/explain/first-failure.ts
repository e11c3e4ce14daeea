import { MOSTLY_EXACT } from '../evaluate/summary.ts';

/** How an agent did at one number. */
export interface NumberTrial {
  readonly number: number;
  /** Share of the episodes that were exact, 0 to 1. */
  readonly exact: number;
}

/** What a search for the first failure found. */
export interface Search<Result extends NumberTrial> {
  /** Every number tried, ascending. */
  readonly tried: readonly Result[];
  /** The least number known to fail, with the one before it exact or the first of all; null where none fails. */
  readonly first: Result | null;
}

/**
 * Tries greater and greater numbers, twice the last each time, until one fails, then halves what lies between. It finds a number that
 * fails while the one before does not; an agent that fails in between and recovers may be passed over.
 * @param from the first to be tried
 * @param upTo the greatest to be tried
 */
export async function firstFailure<Result extends NumberTrial>(
  from: number,
  upTo: number,
  attempt: (number: number) => Promise<Result>,
): Promise<Search<Result>> {
  const tried: Result[] = [];
  const fails = async (number: number): Promise<Result | null> => {
    const trial = await attempt(number);
    tried.push(trial);
    return trial.exact < MOSTLY_EXACT ? trial : null;
  };
  let exact = from - 1;
  let first = await fails(from);
  for (let number = from; first === null && number < upTo; ) {
    exact = number;
    number = Math.min(Math.max(2 * number, number + 1), upTo);
    first = await fails(number);
  }
  while (first !== null && first.number - exact > 1) {
    const middle = Math.floor((exact + first.number) / 2);
    const failing = await fails(middle);
    if (failing) first = failing;
    else exact = middle;
  }
  return { tried: tried.sort((a, b) => a.number - b.number), first };
}
