import { cellOf } from '../../agent/cells/nac.ts';
import { otherPowers, type TrainedAccumulator } from '../../agent/pathways/reading.ts';
import {
  cellFormulas,
  nameFormula,
  readWeight,
  sumFormula,
  type WrittenFormula,
} from './cell-formulas.ts';
import { longestMemory } from './memory.ts';
import { clockRates, paceOf } from './pace.ts';
import { type Terms, termsOf } from './terms.ts';

/** Rounding errors are smaller. */
const EXACT = 1e-6;

/** What some outputs of an accumulator come to, alike up to their sign. */
export interface LearnedFormula {
  /** `t − n1`, `0.93·t + n1`, `0`, `p · b`, `t − n1 or t ÷ n1` where its gate depends on its input */
  readonly formula: string;
  /** Whether each weight of its accumulator is whole, and not only nearly. */
  readonly whole: boolean;
  /** The outputs that are this, and those that are its negative. */
  readonly outputs: readonly string[];
  readonly negated: readonly string[];
  /**
   * How many steps it takes off the time for every step that passes, where it is one time less a clock: 1 is the time left, 0
   * the time as it was told. Null for anything else.
   */
  readonly pace: number | null;
}

/** What an accumulator has learned. */
export interface Arithmetic
  extends Pick<TrainedAccumulator, 'name' | 'inputs' | 'outputs' | 'keeps'> {
  /** Which arithmetic cell it is: `nac`. */
  readonly cell: string;
  /** Those of its sums, to four decimals; null for one that does not add. */
  readonly weights: readonly number[] | null;
  /** The exponents of its products, likewise; null for one that does not multiply. */
  readonly powers: readonly number[] | null;
  /** How far each output adds, likewise; null where it always does one of the two, or the input decides. */
  readonly gate: readonly number[] | null;
  /** Weights and exponents that are nearly whole but not 0, those that are nearly 0, and the others. */
  readonly saturated: number;
  readonly zero: number;
  readonly between: number;
  /** The most frequent first. */
  readonly formulas: readonly LearnedFormula[];
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
  /** What a name stands for: what an accumulator makes and does not keep is written out. */
  const known = new Map<string, WrittenFormula>();
  const named = (name: string): WrittenFormula => known.get(name) ?? nameFormula(name);
  return accumulators.map((accumulator) => {
    const { name, inputs, outputs, keeps, reading } = accumulator;
    const { sums, powers, gate } = reading;
    const weights = weightsOf(accumulator);
    const read = weights.map(readWeight);
    const zero = read.filter((factor) => factor === 0).length;
    const saturated = read.filter((factor) => factor !== 0 && Number.isInteger(factor)).length;
    const pace = (terms: Terms) => (time === null ? null : paceOf(terms, time, rates));
    const formulas = formulasOf(accumulator, named, pace);
    if (keeps === 'nothing') {
      const made = cellFormulas(reading, inputs.map(named));
      for (const [j, output] of outputs.entries()) known.set(output, made[j]!);
    }
    return {
      ...{ name, inputs, outputs, keeps, cell: cellOf(accumulator).id },
      ...{ weights: rounded(sums), powers: rounded(powers), gate: rounded(gate) },
      ...{ saturated, zero, between: read.length - saturated - zero },
      formulas,
      memory: longestMemory(accumulator),
    };
  });
}

const rounded = (weights: Float32Array | null): number[] | null =>
  weights && Array.from(weights, (weight) => Math.round(weight * 1e4) / 1e4);

/** Every weight and exponent; a matrix that is both counts once. */
const weightsOf = ({ reading }: TrainedAccumulator): number[] => [
  ...(reading.sums ?? []),
  ...(otherPowers(reading) ?? []),
];

/** Outputs that are alike up to their sign, together. Those that an accumulator keeps stand alone: each is another number later. */
function formulasOf(
  accumulator: TrainedAccumulator,
  named: (name: string) => WrittenFormula,
  pace: (terms: Terms) => number | null,
): LearnedFormula[] {
  const { inputs, outputs, keeps, reading } = accumulator;
  const whole = weightsOf(accumulator).every((w) => Math.abs(w - Math.round(w)) < EXACT);
  const terms = termsOf(accumulator);
  const made = terms ? [] : cellFormulas(reading, inputs.map(named));
  const groups = new Map<string, Pick<LearnedFormula, 'pace' | 'formula'> & Alike>();
  for (const [j, output] of outputs.entries()) {
    const own = terms?.[j];
    const first = own?.find(({ factor }) => factor !== 0);
    const mayFlip = keeps === 'nothing' && first !== undefined && first.factor < 0;
    const upright = mayFlip ? own!.map(({ factor, of }) => ({ factor: -factor || 0, of })) : own;
    const { text } = upright
      ? sumFormula(upright.map(({ factor, of }) => ({ weight: factor, of: named(of) })))
      : keptFormula(made[j]!, keeps === 'sums' ? output : null);
    const key = keeps === 'nothing' ? text : output;
    const paced = upright ? pace(upright) : null;
    const group = groups.get(key) ?? { formula: text, pace: paced, outputs: [], negated: [] };
    groups.set(key, group);
    (mayFlip ? group.negated : group.outputs).push(output);
  }
  return [...groups.values()]
    .map((group) => ({ ...group, whole }))
    .sort((a, b) => sizeOf(b) - sizeOf(a));
}

interface Alike {
  readonly outputs: string[];
  readonly negated: string[];
}

/** How many outputs come to this. */
export const sizeOf = ({ outputs, negated }: Pick<LearnedFormula, 'outputs' | 'negated'>): number =>
  outputs.length + negated.length;

/** @param output to which it is added; null: to none */
const keptFormula = (of: WrittenFormula, output: string | null): WrittenFormula =>
  output === null
    ? of
    : sumFormula([
        { weight: 1, of: nameFormula(output) },
        { weight: 1, of },
      ]);
