import { signedColour, THEMES, type Theme } from '../../src/render/palette.ts';
import { FONT } from '../theme.ts';
import { COLUMNS, countBySize } from './weight-sizes.ts';

/** Height of the numbers below the columns. */
const FOOT = 12;

/** Draws how many weights there are of each size, over a scale from −1 to 1 in the colours of the weights. */
export function drawHistogram(
  context: CanvasRenderingContext2D,
  { width, height }: { readonly width: number; readonly height: number },
  weights: readonly number[],
  theme: Theme,
  colour: string,
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
    context.fillStyle = Math.abs(size) < 0.5 ? quiet : signedColour(size, theme, colour);
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
