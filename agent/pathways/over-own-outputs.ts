import type { Accumulator } from '../cells/nac.ts';
import type { ParameterSpec } from '../parameters.ts';
import * as tf from '../tf.ts';
import { joined } from './joined.ts';
import { numbered, type Pathway } from './pathway.ts';

/** A cell that reads its own previous outputs. */
export interface OwnOutputsCell extends Pick<Accumulator, 'name' | 'cell'> {
  readonly width: number;
  parametersOf(accumulator: Accumulator): ParameterSpec[];
  /** @param x [B, inputs] @returns [B, width] */
  apply(parameters: Record<string, tf.Tensor>, x: tf.Tensor2D): tf.Tensor2D;
}

/**
 * A pathway of one cell over the instruction, the constant 1 and its own previous outputs; its outputs and the instruction go into the
 * LSTM (Trask et al. 2018, section 4.5).
 */
export function overOwnOutputs(
  instruction: readonly string[],
  { name, cell, width, parametersOf, apply }: OwnOutputsCell,
): Pathway {
  const outputs = numbered('n', width);
  const accumulator: Accumulator = {
    ...{ name, ...(cell && { cell }), outputs, keeps: 'outputs' },
    inputs: [...instruction, '1', ...outputs],
  };
  return {
    parameters: parametersOf(accumulator),
    accumulators: [accumulator],
    state: outputs,
    featureSize: width + instruction.length,
    apply(parameters, instruction, state) {
      const one = tf.ones([state!.shape[0], 1]) as tf.Tensor2D;
      const output = apply(parameters, joined([instruction, one, state]));
      return { features: joined([output, instruction]), state: output };
    },
  };
}
