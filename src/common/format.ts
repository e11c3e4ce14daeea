/** How numbers are written for people, the same in every report. */

/** With so many decimals and a true minus sign. */
export function formatNumber(value: number, decimals: number): string {
  return value.toFixed(decimals).replace('-', '−');
}

/**
 * A share from 0 to 1 in whole per cent. Only a whole is shown as 100 and only nothing as 0: what lies just short of them is shown
 * as 99 or 1.
 */
export function formatPercent(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 100 && share < 1) return '99 %';
  if (percent === 0 && share > 0) return '1 %';
  return `${percent} %`;
}

/** `200`, or `5 to 12`. */
export function formatRange(from: number, to: number): string {
  return from === to ? `${from}` : `${from} to ${to}`;
}

/** `1..100` for 1 to 100, `1,2,5..9` for a mix: whole numbers in a row are a range from three on. */
export function formatNumbers(values: readonly number[]): string {
  const rows: number[][] = [];
  for (const value of values) {
    const row = rows.at(-1);
    if (row && Number.isInteger(value) && value === row.at(-1)! + 1) row.push(value);
    else rows.push([value]);
  }
  return rows.map((row) => (row.length > 2 ? `${row[0]}..${row.at(-1)}` : row.join(','))).join(',');
}

/** A whole number, its thousands set apart: `10,000`. */
export function formatWhole(value: number): string {
  return value.toLocaleString('en-GB');
}

/** A count in three figures or so: `940`, `12.4 k`, `1.24 M`. */
export function formatCount(count: number): string {
  if (count < 1_000) return `${Math.round(count)}`;
  const [value, unit] = count < 999_500 ? [count / 1_000, 'k'] : [count / 1_000_000, 'M'];
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${unit}`;
}

/** `48 s`, `2 min 05 s`, `1 h 20 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number): string => `${value}`.padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A measure in three figures: `0.0123`, `4.56`, `12,300`, `3.2 · 10⁻⁷`; a dash for null. */
export function formatMeasure(value: number | null): string {
  if (value === null) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (!Number.isFinite(size)) return value < 0 ? '−∞' : '∞';
  if (size >= 1e6 || size < 1e-3) {
    const exponent = Math.floor(Math.log10(size));
    const digits = [...`${Math.abs(exponent)}`].map((digit) => SUPERSCRIPTS[Number(digit)]);
    const power = `10${exponent < 0 ? '⁻' : ''}${digits.join('')}`;
    return `${formatNumber(value / 10 ** exponent, 1)} · ${power}`;
  }
  if (size >= 1000) return formatWhole(Number(value.toPrecision(3))).replace('-', '−');
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(size)));
  return formatNumber(value, decimals);
}
