import { inksOf } from '../inks.ts';
import { signedColour } from '../palette.ts';
import type { Sheet } from '../sheet.ts';
import type { State } from '../state.ts';
import { groundOf } from './block.ts';

/** A weight so near to −1, 0 or 1 counts as there. */
const NEAR = 0.05;
/** Columns from −1 to 1; an odd number, so that 0 has one of its own, and so have −1 and 1. */
const COLUMNS = 21;
/** Height of the numbers below. */
const FOOT = 11;

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

/** Draws how many weights there are of each size, over a scale from −1 to 1 in the colours of the weights. */
export function drawSpread(sheet: Sheet, weights: readonly number[], theme: State['theme']): void {
  const context = sheet.clear();
  const { width, height } = sheet;
  if (height <= FOOT) return;
  const { edge, quiet, font } = inksOf(theme);
  const counts = countBySize(weights);
  const most = Math.max(...counts, 1);
  const column = width / COLUMNS;
  const base = height - FOOT - 1;
  counts.forEach((count, index) => {
    if (count === 0) return;
    const high = Math.max(1.5, (count / most) * base);
    const size = (index / (COLUMNS - 1)) * 2 - 1;
    context.fillStyle = Math.abs(size) < 0.5 ? quiet : signedColour(size, groundOf(theme));
    context.fillRect(index * column + 0.5, base - high, column - 1, high);
  });
  context.fillStyle = edge;
  context.fillRect(0, base, width, 1);
  context.fillStyle = quiet;
  context.font = `10px ${font}`;
  context.textBaseline = 'alphabetic';
  for (const [size, align] of [
    [-1, 'left'],
    [0, 'center'],
    [1, 'right'],
  ] as const) {
    context.textAlign = align;
    context.fillText(size < 0 ? '−1' : String(size), ((size + 1) / 2) * width, height - 1);
  }
}
