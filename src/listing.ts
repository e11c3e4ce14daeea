import type { OptionDescription } from '../env/index.ts';

/** Lines of cells, each column as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]!.length));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
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
