import type { OptionDescription } from '../../env/index.ts';
import { printableData } from '../common/printable-data.ts';

/** Wider cells stand out of their column rather than widen it. */
const WIDEST = 40;

/** Lines of cells, each column as wide as its widest cell. */
export function columns(given: readonly (readonly string[])[], gap = '  '): string[] {
  const rows = printableData(given);
  const width = (column: number) =>
    Math.max(0, ...rows.map((row) => row[column]!.length).filter((length) => length <= WIDEST));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join(gap)
      .trimEnd(),
  );
}

/** A line for each option: its name, its default if it has one, and what it is and takes. */
export function optionLines(options: readonly OptionDescription[]): string[] {
  return columns(
    options.map(({ name, description, takes, ...option }) => [
      `  ${name}`,
      'default' in option ? JSON.stringify(option.default) : '',
      `${description}: ${takes}`,
    ]),
  );
}
