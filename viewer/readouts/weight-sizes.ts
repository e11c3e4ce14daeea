/** A weight this close to −1, 0 or 1 counts as saturated. */
const NEAR = 0.05;
/** Columns from −1 to 1. An odd number, so that −1, 0 and 1 have one each. */
export const COLUMNS = 21;

/** @returns the share of weights that are at −1, 0 or 1, to within 0.05 */
export function saturatedShare(weights: readonly number[]): number {
  const saturated = weights.filter((weight) => Math.abs(weight - Math.round(weight)) <= NEAR);
  return weights.length === 0 ? 0 : saturated.length / weights.length;
}

/** @returns how many weights fall into each of the columns from −1 to 1 */
export function countBySize(weights: readonly number[]): number[] {
  const counts = new Array<number>(COLUMNS).fill(0);
  for (const weight of weights) counts[Math.round(((weight + 1) / 2) * (COLUMNS - 1))]! += 1;
  return counts;
}
