import type { Evaluation, Row } from '../evaluate/results.ts';

/**
 * Evaluations as CSV (RFC 4180): a line for each run and number, with every figure of its row, so that `number` is the one that the
 * rows are for, and each other number has its least and its greatest value. Columns that a world does not fill are left out.
 * @returns lines joined by `\n`, without one at the end
 */
export function formatCsv(evaluations: readonly Evaluation[]): string {
  const records = evaluations.flatMap(({ rows, ...evaluation }) =>
    rows.map((row) => recordOf(evaluation, row)),
  );
  const titles = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const lines = records.map((record) => titles.map((title) => cell(record[title] ?? null)));
  return [titles.map(cell), ...lines].map((cells) => cells.join(',')).join('\n');
}

type Value = string | number | null;

function recordOf(
  { run, label, seed, frames, policy }: Omit<Evaluation, 'rows'>,
  { number, others = {}, error, metrics, ...figures }: Row,
): Record<string, Value> {
  const told = Object.entries(others).flatMap(([name, value]) => {
    const [least, greatest] = typeof value === 'number' ? [value, value] : value;
    return [
      [`${name}.least`, least],
      [`${name}.greatest`, greatest],
    ] as const;
  });
  return {
    ...{ run, agent: label, seed, frames, policy, number },
    ...Object.fromEntries(told),
    ...figures,
    ...prefixed('error', error ?? {}),
    ...prefixed('metrics', metrics ?? {}),
  };
}

const prefixed = (prefix: string, values: object): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));

function cell(value: Value): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
