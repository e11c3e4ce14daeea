import type { TrainedAccumulator } from '../../agent/pathways/reading.ts';
import { readWeight } from './cell-formulas.ts';

/** One factor for each of some names. */
export type Terms = readonly { readonly factor: number; readonly of: string }[];

/** What each output of an accumulator is, by the weights of its sums as people read them; null for one that also multiplies. */
export function termsOf({ inputs, outputs, reading, keeps }: TrainedAccumulator): Terms[] | null {
  const { sums, powers } = reading;
  if (sums === null || powers !== null) return null;
  return outputs.map((output, j) => [
    ...(keeps === 'sums' ? [{ factor: 1, of: output }] : []),
    ...inputs.map((of, i) => ({ factor: readWeight(sums[i * outputs.length + j]!), of })),
  ]);
}
