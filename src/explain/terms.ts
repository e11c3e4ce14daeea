import type { TrainedAccumulator } from '../../agent/pathways/reading.ts';
import { formatNumber } from '../common/format.ts';

/** A weight this near to −1, 0 or 1 is read as it. */
const NEAR = 0.05;

/** The nearest of −1, 0 and 1 where that is near, else two decimals. */
export function readWeight(weight: number): number {
  const nearest = Math.round(weight);
  if (Math.abs(weight - nearest) <= NEAR) return nearest === 0 ? 0 : nearest;
  return Math.round(weight * 100) / 100;
}

/** Whether a weight was read as −1, 0 or 1. */
const isWhole = (factor: number): boolean => Number.isInteger(factor);

/** One factor for each of some names. */
export type Terms = readonly { readonly factor: number; readonly of: string }[];

/** Writes a sum as people do: `t − n1`, `0.93·t + n1 − 1`, `0`. The constant comes last. */
export function written(terms: Terms): string {
  const present = terms.filter(({ factor }) => factor !== 0);
  const ordered = [
    ...present.filter(({ of }) => of !== '1'),
    ...present.filter(({ of }) => of === '1'),
  ];
  if (ordered.length === 0) return '0';
  return ordered
    .map(({ factor, of }, i) => {
      const size = Math.abs(factor);
      const digits = isWhole(size) ? `${size}` : formatNumber(size, 2);
      const product = of === '1' ? digits : size === 1 ? of : `${digits}·${of}`;
      if (i === 0) return factor < 0 ? `−${product}` : product;
      return `${factor < 0 ? '−' : '+'} ${product}`;
    })
    .join(' ');
}

/** What each output of an accumulator is, by its weights as people read them. */
export function termsOf(accumulator: TrainedAccumulator): Terms[] {
  const { inputs, outputs, weights, keeps } = accumulator;
  return outputs.map((output, j) => [
    ...(keeps === 'sums' ? [{ factor: 1, of: output }] : []),
    ...inputs.map((of, i) => ({ factor: readWeight(weights[i * outputs.length + j]!), of })),
  ]);
}
