import { DrawnNumbers } from '../drawn-numbers.ts';
import { spell, WORDS } from './spelling.ts';

/** The numbers that are spelt, from 0 to `greatest`, and how many of them are for what. */
export interface Range {
  readonly greatest: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** The paper's split, and one of ten times as many numbers. */
export const RANGES: Readonly<Record<'to-1000' | 'to-9999', Range>> = {
  'to-1000': { greatest: 1000, train: 169, validation: 200, test: 631 },
  'to-9999': { greatest: 9999, train: 1690, validation: 2000, test: 6310 },
};

/** These are always learnt. */
const ALWAYS = 20;

/**
 * Which numbers a model learns and which it is watched on, by its seed. As in the paper (section 4.4), 0 to 19 are learnt, the others
 * are drawn, and each word is learnt in one number at least. The rest is for the test; the paper's three sizes make 1,000, and the numbers
 * from 0 to 1,000 are 1,001, so the last one drawn is left out.
 */
export function splitNumbers(seed: number, { greatest, train, validation }: Range) {
  const drawn = shuffled(greatest + 1, new DrawnNumbers(`language/split/${greatest}/${seed}`));
  const learnt = new Set<number>(Array.from({ length: ALWAYS }, (_, i) => i));
  const known = new Set([...learnt].flatMap(spell));
  for (const word of WORDS) {
    const example = known.has(word) ? undefined : drawn.find((n) => spell(n).includes(word));
    if (example === undefined) continue;
    learnt.add(example);
    for (const part of spell(example)) known.add(part);
  }
  for (const number of drawn) if (learnt.size < train) learnt.add(number);
  const others = drawn.filter((n) => !learnt.has(n));
  return {
    train: [...learnt],
    validation: others.slice(0, validation),
    rest: others.slice(validation),
  };
}

/** The numbers from 0 to `count` − 1 in a drawn order (Fisher and Yates). */
function shuffled(count: number, draws: DrawnNumbers): number[] {
  const numbers = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i -= 1) {
    const j = draws.integer(0, i);
    [numbers[i], numbers[j]] = [numbers[j]!, numbers[i]!];
  }
  return numbers;
}
