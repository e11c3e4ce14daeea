import { signedColour, THEMES, type Theme } from '../../src/render/palette.ts';
import type { SizedCanvas } from '../sized-canvas.ts';
import { FONT } from '../theme.ts';
import { COLUMNS, countBySize } from './saturation.ts';

/** Height of the numbers below. */
const FOOT = 12;

/** Draws how many weights there are of each size, over a scale from −1 to 1 in the colours of the weights. */
export function drawHistogram(sheet: SizedCanvas, weights: readonly number[], theme: Theme): void {
  const context = sheet.clear();
  const { width, height } = sheet;
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
  for (const [size, align] of [
    [-1, 'left'],
    [0, 'center'],
    [1, 'right'],
  ] as const) {
    context.textAlign = align;
    context.fillText(size < 0 ? '−1' : String(size), ((size + 1) / 2) * width, height - 1);
  }
}
