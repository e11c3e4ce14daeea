import { accumulatorWeights } from '../../agent/cells/rounding.ts';
import type { AgentConfig, PathwayName } from '../../agent/config.ts';

/** A neural accumulator of a trained agent, its numbers named. */
export interface Accumulator {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** −1…1, [inputs, outputs], row by row */
  readonly weights: Float32Array;
  /** What it gives at one step are its own inputs at the next: nothing is kept, all of it, or what it gives is added to it. */
  readonly keeps: 'nothing' | 'outputs' | 'sums';
}

type Naming = Omit<Accumulator, 'name' | 'weights'>;

const numbered = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);

/** By the accumulators' names, what each pathway's read and give. */
const NAMINGS: Readonly<
  Record<PathwayName, (told: readonly string[], config: AgentConfig) => Record<string, Naming>>
> = {
  baseline: () => ({}),
  nac(told, { nacWidth }) {
    const outputs = numbered('n', nacWidth);
    return { nac: { inputs: [...told, '1', ...outputs], outputs, keeps: 'outputs' } };
  },
  'nac-stateless': (told, { nacWidth }) => ({
    nac: { inputs: told, outputs: numbered('x', nacWidth), keeps: 'nothing' },
  }),
  'nac-clock'(told, { nacWidth, clockUnits, clockSelf, clockReads }) {
    const clock = numbered('n', clockUnits);
    const read = [...(clockReads === 'instruction' ? told : []), '1'];
    const isLearned = clockSelf === 'learned';
    return {
      clock: {
        inputs: isLearned ? [...read, ...clock] : read,
        outputs: clock,
        keeps: isLearned ? 'outputs' : 'sums',
      },
      nac: { inputs: [...told, ...clock], outputs: numbered('x', nacWidth), keeps: 'nothing' },
    };
  },
};

/** Names of the numbers that a world tells: `t`, or `t1`, `t2`, … */
export function toldNames(count: number, symbol = 't'): string[] {
  return count === 1 ? [symbol] : numbered(symbol, count);
}

/**
 * The accumulators of an agent, in the order in which numbers go through them.
 * @param parameters by name
 * @param told names of the instruction's numbers
 */
export function accumulatorsOf(
  config: AgentConfig,
  parameters: Readonly<Record<string, Float32Array>>,
  told: readonly string[],
): Accumulator[] {
  return Object.entries(NAMINGS[config.pathway](told, config))
    .filter(([name]) => parameters[`${name}/w_hat`])
    .map(([name, naming]) => ({ name, ...naming, weights: accumulatorWeights(parameters, name) }));
}
