import { nacCell } from '../../../agent/cells/nac.ts';
import { naluCell } from '../../../agent/cells/nalu.ts';
import { constant, normal, xavier } from '../../../agent/initializers.ts';
import { GATES } from '../../../agent/layers/lstm.ts';
import type { ParameterSpec } from '../../../agent/parameters.ts';
import * as tf from '../../../agent/tf.ts';
import { V } from './word-input.ts';

/** E, numbers for each word. */
const E = 16;

type Parameters = Readonly<Record<string, tf.Tensor>>;

/** What turns the last output of the LSTM into a number. */
const HEADS = {
  linear: {
    parameters: (name: string, inputs: number): ParameterSpec[] => [
      { name: `${name}/w`, shape: [inputs, 1], initial: xavier },
      { name: `${name}/b`, shape: [1, 1], initial: constant(0) },
    ],
    apply: (parameters: Parameters, name: string, h: tf.Tensor): tf.Tensor =>
      tf.add(tf.matMul(h, parameters[`${name}/w`]!), parameters[`${name}/b`]!),
  },
  nac: {
    parameters: (name: string, inputs: number) => nacCell.parameters(name, inputs, 1),
    apply: nacCell.apply,
  },
  nalu: {
    parameters: (name: string, inputs: number) => naluCell().parameters(name, inputs, 1),
    apply: naluCell().apply,
  },
} as const;

export type Head = keyof typeof HEADS;

/** Embedding, LSTM, and a linear layer, NAC or NALU on its last output (Trask et al. 2018, section 4.4). */
export interface LstmReader {
  readonly parameters: readonly ParameterSpec[];
  /** @param words [M, N, L · V], one-hot @returns [M, N, 1] */
  apply(parameters: Parameters, words: tf.Tensor): tf.Tensor;
}

/** @param H units of the LSTM */
export function lstmReader(head: Head, H: number): LstmReader {
  const { parameters: headParameters, apply } = HEADS[head];
  return {
    parameters: [
      { name: 'embedding', shape: [V, E], initial: normal(0, 1) },
      { name: 'kernel', shape: [E, GATES * H], initial: xavier },
      { name: 'recurrent', shape: [H, GATES * H], initial: xavier },
      { name: 'bias', shape: [1, GATES * H], initial: constant(0) },
      ...headParameters('head', H),
    ],
    apply: (parameters, words) => apply(parameters, 'head', lastOutput(parameters, words)),
  };
}

/** Added to the forget gates, so that an untrained LSTM remembers (Jozefowicz et al. 2015). */
const REMEMBERS = 1;

/** Output of a batch of LSTMs after the last word; until the first word their state is zero. @returns [M, N, H] */
function lastOutput(parameters: Parameters, words: tf.Tensor): tf.Tensor {
  const { embedding, kernel, recurrent, bias } = parameters;
  // What a word contributes to the gates is computed once for all the places where it stands.
  const drives = tf.add(tf.matMul(embedding!, kernel!), bias!);
  let state: { h: tf.Tensor; c: tf.Tensor } | undefined;
  for (const word of tf.split(words, words.shape[2]! / V, 2)) {
    const isWord = tf.sum(word, -1, true);
    const drive = tf.matMul(word, drives);
    const gates = state ? tf.add(drive, tf.matMul(state.h, recurrent!)) : drive;
    const [input, forget, candidate, output] = tf.split(gates, GATES, 2);
    const entered = tf.mul(tf.sigmoid(input!), tf.tanh(candidate!));
    const kept = tf.sigmoid(tf.add(forget!, REMEMBERS));
    const c = tf.mul(isWord, state ? tf.add(entered, tf.mul(kept, state.c)) : entered);
    state = { c, h: tf.mul(tf.sigmoid(output!), tf.tanh(c)) };
  }
  return state!.h;
}
