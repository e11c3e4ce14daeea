import { suggestion } from '../../env/closest.ts';
import { inspectWorld, numbersOf, type OtherNumber } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import type { GivenNumbers } from '../play/episodes.ts';
import type { WorldChoice } from '../plugins/worlds.ts';

/**
 * Values of a world's numbers: a list of the main one, or lists by the names of their options or their symbols. One value fixes a
 * number, several vary it; the world draws those that are left out. The name `''` stands for the main number.
 */
export type NumbersGiven =
  | readonly number[]
  | Readonly<Record<string, number | readonly number[] | undefined>>;

/** Which values of which numbers an agent is evaluated at. */
export interface NumberChoice {
  /** The number that a row of the table is for: the main one, unless only others are varied. */
  readonly axis: OtherNumber;
  readonly main: OtherNumber;
  /** Those besides the axis. */
  readonly others: readonly OtherNumber[];
  /** Of each number that the world does not draw; the axis may be missing, which then gets its default. */
  readonly lists: Readonly<Record<string, readonly number[]>>;
}

/** More combinations are probably a mistake. */
const MOST_COMBINATIONS = 10_000;

/** @throws UsageError for a world that tells no number, or not the one that is named */
export function chooseNumbers(
  { id, options }: WorldChoice,
  given: NumbersGiven = {},
): NumberChoice {
  const all = numbersOf(inspectWorld(id, options));
  const main = all[0];
  if (main === undefined) {
    throw new UsageError(
      `${id} tells no number that an episode could fix: to be evaluated at several, a world says in its property "number" which option of reset does that`,
    );
  }
  const lists: Record<string, readonly number[]> = {};
  for (const [name, values] of Object.entries(Array.isArray(given) ? { '': given } : given)) {
    if (values === undefined) continue;
    const { option } = name === '' ? main : find(id, all, name);
    if (lists[option] !== undefined) {
      throw new UsageError(`the number ${option} is given twice: give it all its values at once`);
    }
    lists[option] = typeof values === 'number' ? [values] : values;
  }
  const varied = all.filter(({ option }) => (lists[option]?.length ?? 0) > 1);
  const axis = varied.includes(main) ? main : (varied[0] ?? main);
  const others = all.filter((one) => one !== axis);
  return { axis, main, others, lists };
}

function find(id: string, all: readonly OtherNumber[], name: string): OtherNumber {
  const found =
    all.find(({ option }) => option === name) ?? all.find(({ symbol }) => symbol === name);
  if (found !== undefined) return found;
  const names = all.map(({ option }) => option);
  const hint =
    names.length === 1
      ? `it tells only ${JSON.stringify(names[0])}`
      : suggestion(name, names, 'numbers that it tells');
  throw new UsageError(`${id} tells no number ${JSON.stringify(name)}; ${hint}`);
}

/**
 * Every combination of the values, as episodes are told them.
 * @param fallback values of the axis where none are given
 * @throws UsageError where they are too many
 */
export function combinations(
  { axis, main, lists }: NumberChoice,
  fallback: readonly number[],
): GivenNumbers[] {
  const all = Object.entries({ [axis.option]: fallback, ...lists });
  const count = all.reduce((product, [, values]) => product * values.length, 1);
  if (count > MOST_COMBINATIONS) {
    throw new UsageError(
      `these numbers make ${count} combinations; at most ${MOST_COMBINATIONS} can be evaluated at a time`,
    );
  }
  let combined: Record<string, number>[] = [{}];
  for (const [option, values] of all) {
    combined = combined.flatMap((one) => values.map((value) => ({ ...one, [option]: value })));
  }
  return combined.map(({ [main.option]: number = null, ...others }) => ({
    number,
    ...(Object.keys(others).length > 0 && { others }),
  }));
}
