/** A weight so near to −1, 0 or 1 counts as there. */
const NEAR = 0.05;
/** Columns from −1 to 1; an odd number, so that 0 has one of its own, and so have −1 and 1. */
export const COLUMNS = 21;

/** @returns the share of weights that are at −1, 0 or 1, or as good as */
export function saturatedShare(weights: readonly number[]): number {
  const there = weights.filter((weight) => Math.abs(weight - Math.round(weight)) <= NEAR);
  return weights.length === 0 ? 0 : there.length / weights.length;
}

/** @returns how many weights fall into each of the columns from −1 to 1 */
export function countBySize(weights: readonly number[]): number[] {
  const counts = new Array<number>(COLUMNS).fill(0);
  for (const weight of weights) counts[Math.round(((weight + 1) / 2) * (COLUMNS - 1))]! += 1;
  return counts;
}
