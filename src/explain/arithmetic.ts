import type { TrainedAccumulator } from '../../agent/pathways/reading.ts';
import { longestMemory } from './memory.ts';
import { clockRates, paceOf } from './pace.ts';
import { readWeight, type Terms, termsOf, written } from './terms.ts';

/** Rounding errors are smaller. */
const EXACT = 1e-6;

/** What some outputs of an accumulator come to, alike up to their sign. */
export interface Sum {
  /** `t − n1`, `0.93·t + n1`, `0` */
  readonly sum: string;
  /** Whether each weight of its accumulator is −1, 0 or 1, and not only nearly. */
  readonly whole: boolean;
  /** The outputs that are this sum, and those that are its negative. */
  readonly outputs: readonly string[];
  readonly negated: readonly string[];
  /**
   * How many steps it takes off the time for every step that passes, where it is one time less a clock: 1 is the time left, 0
   * the time as it was told. Null for anything else.
   */
  readonly pace: number | null;
}

/** What an accumulator has learned. */
export interface Arithmetic extends Omit<TrainedAccumulator, 'weights'> {
  /** To four decimals. */
  readonly weights: readonly number[];
  /** Weights that are nearly −1 or 1, those that are nearly 0, and the others. */
  readonly saturated: number;
  readonly zero: number;
  readonly between: number;
  /** The most frequent first. */
  readonly sums: readonly Sum[];
  /**
   * Share of what it remembers that is left a step later, of its slowest combination of outputs: below 1 it forgets, above 1 what
   * it holds grows by itself. Null where it keeps nothing, or is too large to say.
   */
  readonly memory: number | null;
}

/**
 * What the accumulators of an agent have learned.
 * @param accumulators in the order in which numbers go through them
 * @param time name of the number that counts steps; null where there is none
 */
export function arithmeticOf(
  accumulators: readonly TrainedAccumulator[],
  time: string | null,
): Arithmetic[] {
  const rates = clockRates(accumulators);
  return accumulators.map((accumulator) => {
    const { weights, ...names } = accumulator;
    const read = Array.from(weights, readWeight);
    const saturated = read.filter((factor) => Math.abs(factor) === 1).length;
    const zero = read.filter((factor) => factor === 0).length;
    return {
      ...names,
      weights: Array.from(weights, (weight) => Math.round(weight * 1e4) / 1e4),
      ...{ saturated, zero, between: read.length - saturated - zero },
      sums: sumsOf(accumulator, (terms) => (time === null ? null : paceOf(terms, time, rates))),
      memory: longestMemory(accumulator),
    };
  });
}

/** Outputs that are alike up to their sign, together. Those that an accumulator keeps stand alone: each is another number later. */
function sumsOf(accumulator: TrainedAccumulator, pace: (terms: Terms) => number | null): Sum[] {
  const whole = accumulator.weights.every(
    (weight) => Math.abs(weight - Math.round(weight)) < EXACT,
  );
  const groups = new Map<string, { terms: Terms; outputs: string[]; negated: string[] }>();
  for (const [j, terms] of termsOf(accumulator).entries()) {
    const output = accumulator.outputs[j]!;
    const first = terms.find(({ factor }) => factor !== 0);
    const mayFlip = accumulator.keeps === 'nothing' && first !== undefined && first.factor < 0;
    const upright = mayFlip ? terms.map(({ factor, of }) => ({ factor: -factor || 0, of })) : terms;
    const key = accumulator.keeps === 'nothing' ? written(upright) : output;
    const group = groups.get(key) ?? { terms: upright, outputs: [], negated: [] };
    groups.set(key, group);
    (mayFlip ? group.negated : group.outputs).push(output);
  }
  const size = ({ outputs, negated }: Sum): number => outputs.length + negated.length;
  return [...groups.values()]
    .map(({ terms, outputs, negated }) => ({
      sum: written(terms),
      whole,
      ...{ outputs, negated, pace: pace(terms) },
    }))
    .sort((a, b) => size(b) - size(a));
}
