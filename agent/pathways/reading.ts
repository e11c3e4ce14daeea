import { type Accumulator, accumulatorWeights } from '../cells/nac.ts';
import type { Pathway } from './pathway.ts';

/** An accumulator of a trained agent. */
export interface TrainedAccumulator extends Accumulator {
  /** −1…1, [inputs, outputs], row by row */
  readonly weights: Float32Array;
}

/** A pathway's accumulators with their weights. @param parameters of the agent, by name */
export const trainedAccumulators = (
  { accumulators }: Pathway,
  parameters: Readonly<Record<string, Float32Array>>,
): TrainedAccumulator[] =>
  accumulators.map((one) => ({ ...one, weights: accumulatorWeights(parameters, one.name) }));

/** What a pathway computed at a step, for people to look at. */
export interface Reading {
  /** The accumulator whose outputs come first: the last that numbers pass through. */
  readonly shown: TrainedAccumulator | null;
  /**
   * The outputs of that accumulator at a step, then what else the pathway carries, such as the units of a clock.
   * @param state the pathway's state after the step, [S] @param instruction [k]
   */
  at(state: Float32Array, instruction: Float32Array): Float32Array;
}

/** @param instruction names of the instruction's numbers, as the pathway was created with */
export function readingOf(
  pathway: Pathway,
  instruction: readonly string[],
  parameters: Readonly<Record<string, Float32Array>>,
): Reading {
  const shown = trainedAccumulators(pathway, parameters).at(-1) ?? null;
  const names = [...pathway.state, ...instruction, '1'];
  const placesOf = (wanted: readonly string[]) => wanted.map((name) => names.indexOf(name));
  const isCarried = shown !== null && shown.keeps !== 'nothing';
  const others = placesOf(pathway.state.filter((name) => !shown?.outputs.includes(name)));
  const read = placesOf(isCarried ? shown.outputs : (shown?.inputs ?? []));
  return {
    shown,
    at(state, instruction) {
      const values = [...state, ...instruction, 1];
      const [mine, rest] = [read, others].map((places) => places.map((at) => values[at]!));
      const outputs = shown && !isCarried ? product(mine!, shown) : mine!;
      return Float32Array.of(...outputs, ...rest!);
    },
  };
}

/** @param x [inputs] @returns [outputs] */
function product(x: readonly number[], { outputs, weights }: TrainedAccumulator): Float32Array {
  const y = new Float32Array(outputs.length);
  for (const [i, value] of x.entries()) {
    for (let j = 0; j < y.length; j++) y[j]! += value * weights[i * y.length + j]!;
  }
  return y;
}
