import type { TrainedAccumulator } from '../../agent/pathways/reading.ts';
import { type Terms, termsOf } from './terms.ts';

/** What numbers that an agent keeps gain at every step, by name; those that gain the same at every step only. */
export function clockRates(
  accumulators: readonly TrainedAccumulator[],
): ReadonlyMap<string, number> {
  const rates = new Map<string, number>();
  for (const accumulator of accumulators) {
    if (accumulator.keeps === 'nothing') continue;
    for (const [j, terms] of (termsOf(accumulator) ?? []).entries()) {
      const rate = rateOf(terms, accumulator.outputs[j]!);
      if (rate !== null) rates.set(accumulator.outputs[j]!, rate);
    }
  }
  return rates;
}

/** `name = name + rate`, and nothing else. */
function rateOf(terms: Terms, name: string): number | null {
  const factorOf = (wanted: string): number => terms.find(({ of }) => of === wanted)?.factor ?? 0;
  const others = terms.filter(({ factor, of }) => factor !== 0 && of !== name && of !== '1');
  return factorOf(name) === 1 && others.length === 0 ? factorOf('1') : null;
}

/** A sum a·t + b·(steps so far) as −b / a; null where it is none. @param time name of t */
export function paceOf(
  terms: Terms,
  time: string,
  rates: ReadonlyMap<string, number>,
): number | null {
  let [a, b] = [0, 0];
  for (const { factor, of } of terms) {
    if (factor === 0) continue;
    const rate = rates.get(of);
    if (of === time) a += factor;
    else if (rate === undefined) return null;
    else b += factor * rate;
  }
  return a === 0 ? null : -b / a || 0;
}
