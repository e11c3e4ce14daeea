/**
 * The lines of a table in Markdown, its columns aligned to the right.
 * @param first how the first column is aligned
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  first: 'left' | 'right' = 'right',
): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 && first === 'left' ? '---' : '--:'));
  return [head, rule, ...rows].map(line);
}
