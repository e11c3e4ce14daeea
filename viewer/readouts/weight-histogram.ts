import { signedColour, THEMES, type Theme } from '../../src/render/palette.ts';
import { FONT } from '../theme.ts';

/** A weight this close to −1, 0 or 1 counts as saturated. */
const NEAR = 0.05;
/** Columns from −1 to 1. An odd number, so that −1, 0 and 1 have one each. */
const COLUMNS = 21;
/** Height of the numbers below the columns. */
const FOOT = 12;

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

/** Draws how many weights there are of each size, over a scale from −1 to 1 in the colours of the weights. */
export function drawHistogram(
  context: CanvasRenderingContext2D,
  { width, height }: { readonly width: number; readonly height: number },
  weights: readonly number[],
  theme: Theme,
): void {
  if (height <= FOOT) return;
  const { edge, quiet } = THEMES[theme];
  const counts = countBySize(weights);
  const most = Math.max(...counts, 1);
  const column = width / COLUMNS;
  const base = height - FOOT - 1;
  counts.forEach((count, index) => {
    if (count === 0) return;
    const high = Math.max(1.5, (count / most) * base);
    const size = (index / (COLUMNS - 1)) * 2 - 1;
    context.fillStyle = Math.abs(size) < 0.5 ? quiet : signedColour(size, theme);
    context.fillRect(index * column + 0.5, base - high, column - 1, high);
  });
  context.fillStyle = edge;
  context.fillRect(0, base, width, 1);
  context.fillStyle = quiet;
  context.font = `12px ${FONT}`;
  context.textBaseline = 'alphabetic';
  (['left', 'center', 'right'] as const).forEach((align, index) => {
    context.textAlign = align;
    context.fillText(['−1', '0', '1'][index]!, (index / 2) * width, height - 1);
  });
}
