/** Whether two numbers differ by no more than a tolerance: absolute for small ones, relative for large ones. */
export const near = (a: number, b: number, tolerance: number): boolean =>
  a === b || Math.abs(a - b) <= tolerance * (1 + Math.max(Math.abs(a), Math.abs(b)));

/** A number in four digits. */
export const short = (value: number): string => String(Number(value.toPrecision(4)));
