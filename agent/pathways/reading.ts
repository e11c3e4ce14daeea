import type { Cell, CellReading } from '../cells/cell.ts';
import { type Accumulator, cellOf } from '../cells/nac.ts';
import type { ParameterSpec } from '../parameters.ts';
import * as tf from '../tf.ts';
import type { Pathway } from './pathway.ts';

/** An accumulator of a trained agent. */
export interface TrainedAccumulator extends Accumulator {
  /** What it computes. */
  readonly reading: CellReading;
  /** Its weights, [inputs, outputs], row by row: of its sums, or of its powers where it does not add. */
  readonly weights: Float32Array;
}

type Parameters = Readonly<Record<string, Float32Array>>;

/** A pathway's accumulators with their weights. @param parameters of the agent, by name */
export const trainedAccumulators = (
  { accumulators }: Pathway,
  parameters: Parameters,
): TrainedAccumulator[] =>
  accumulators.map((one) => {
    const reading = cellOf(one).read(parameters, one.name, one.inputs.length);
    return { ...one, reading, weights: (reading.sums ?? reading.powers)! };
  });

/** The powers of a cell, where they are not the weights of its sums over again. */
export const otherPowers = ({ sums, powers }: CellReading): Float32Array | null =>
  powers?.some((power, i) => power !== sums?.[i]) ? powers : null;

/**
 * A cell's weights, as figures show them: those of its sums under its name, those of its powers under `name powers` where they are
 * others, and under `name gate` how far it adds, where the input does not decide that.
 */
export function weightsByPart(name: string, reading: CellReading): Record<string, Float32Array> {
  const { sums, gate } = reading;
  const powers = otherPowers(reading);
  return {
    ...(sums && { [name]: sums }),
    ...(powers && { [`${name} powers`]: powers }),
    ...(gate && { [`${name} gate`]: gate }),
  };
}

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
  parameters: Parameters,
): Reading {
  const trained = trainedAccumulators(pathway, parameters);
  const passing = trained
    .filter(({ keeps }) => keeps === 'nothing')
    .map((one) => ({ ...one, compute: computing(one, parameters) }));
  const shown = trained.at(-1) ?? null;
  const names = [...pathway.state, ...instruction, '1'];
  const left = new Set([...(shown?.outputs ?? []), ...(pathway.internal ?? [])]);
  const others = pathway.state.filter((name) => !left.has(name));
  return {
    shown,
    at(state, instruction) {
      const known = new Map([...state, ...instruction, 1].map((value, i) => [names[i], value]));
      const read = (wanted: readonly string[]) => wanted.map((name) => known.get(name)!);
      for (const { inputs, outputs, compute } of passing) {
        const values = compute(read(inputs));
        outputs.forEach((name, j) => void known.set(name, values[j]!));
      }
      return Float32Array.from(read([...(shown?.outputs ?? []), ...others]));
    },
  };
}

/** [inputs] → [outputs] */
type Compute = (x: readonly number[]) => ArrayLike<number>;

/** What an accumulator makes of its inputs. */
function computing(one: TrainedAccumulator, parameters: Parameters): Compute {
  const { name, cell, weights, inputs, outputs } = one;
  if (cell) {
    const specs = cell.parameters(name, inputs.length, outputs.length);
    return (x) => applied(cell, name, specs, parameters, x);
  }
  return (x) => {
    const y = new Float32Array(outputs.length);
    for (const [i, value] of x.entries()) {
      for (let j = 0; j < y.length; j++) y[j]! += value * weights[i * y.length + j]!;
    }
    return y;
  };
}

function applied(
  cell: Cell,
  name: string,
  specs: readonly ParameterSpec[],
  parameters: Parameters,
  x: readonly number[],
): ArrayLike<number> {
  if (tf.getBackend() === undefined) void tf.setBackend('cpu');
  return tf.tidy(() => {
    const own = specs.map((one) => [one.name, tf.tensor(parameters[one.name]!, [...one.shape])]);
    return cell.apply(Object.fromEntries(own), name, tf.tensor2d([[...x]])).dataSync();
  });
}
