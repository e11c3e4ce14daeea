import { extname } from 'node:path';
import { UsageError } from '../common/errors.ts';
import { writeOutput } from '../common/output.ts';
import type { Summary } from '../evaluate/summary.ts';

/** A reader of a figure's file name. @throws UsageError unless it ends in `.svg` or `.png` */
export function figureFile(name: string): (text: string) => string {
  return (text) => {
    if (['.svg', '.png'].includes(extname(text).toLowerCase())) return text;
    throw new UsageError(`${name} takes a file that ends in .svg or .png, not "${text}"`);
  };
}

/**
 * Draws a summary into files, SVG or PNG as each name ends.
 * @throws Failure where one cannot be written
 */
export async function saveFigure(summary: Summary, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  const { drawFigure, rasterise } = await import('./figure.ts');
  const svg = await drawFigure(summary);
  for (const file of files) {
    writeOutput(file, extname(file).toLowerCase() === '.png' ? rasterise(svg) : svg);
  }
}
