import * as z from 'zod';
import { mean, quantile } from '../evaluate/statistics.ts';

/** A number that a result keeps; null where the copy diverged, or there is none. */
export const measure = z.number().nullable();

/** Those that are there. */
export const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value) => value !== null);

/** Mean of those that are there; null where none is. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const some = known(values);
  return some.length > 0 ? mean(some) : null;
}

/** Median of those that are there, halfway between the middle two of an even number; null where none is. */
export function medianOf(values: readonly (number | null)[]): number | null {
  const some = known(values).sort((a, b) => a - b);
  return some.length > 0 ? quantile(some, 0.5) : null;
}
