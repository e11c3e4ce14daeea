import type { Cell } from '../../../agent/cells/cell.ts';
import { nacCell } from '../../../agent/cells/nac.ts';
import { naluCell } from '../../../agent/cells/nalu.ts';
import { constant, type Initializer, orthogonal, xavier } from '../../../agent/initializers.ts';
import type { ParameterSpec } from '../../../agent/parameters.ts';
import * as tf from '../../../agent/tf.ts';

type Parameters = Readonly<Record<string, tf.Tensor>>;

/** What reads a picture's encoding and what it remembers, and remembers something new. A batch of M models is one call. */
export interface RecurrentCell {
  readonly id: string;
  /** How tables and figures call it. */
  readonly label: string;
  /** Numbers that it remembers, zeros before the first picture. @param outputs O */
  width(outputs: number): number;
  /** @param inputs F @param outputs O */
  parameters(inputs: number, outputs: number): ParameterSpec[];
  /** @param x [M, B, F] @param state [M, B, width] @returns the next state */
  step(parameters: Parameters, x: tf.Tensor, state: tf.Tensor): tf.Tensor;
  /** @param state [M, B, width] @returns [M, B, O] */
  answer(parameters: Parameters, state: tf.Tensor): tf.Tensor;
  /** For an arithmetic cell: its parameters are called `cell`, it reads [encoding, state], and its state is its answer. */
  readonly arithmetic?: Cell;
}

/** A weight that starts near 1: tanh(3) σ(3) = 0.95. */
const NEAR_ONE = 3;

/**
 * How an arithmetic cell starts: each output keeps itself, and adds every O-th number of the encoding. The cells' own small random
 * weights make a state that forgets all but the last picture, from which ten pictures teach it too little. Le et al. 2015 start
 * recurrent networks likewise.
 * @param inputs F
 */
const remembering =
  (inputs: number): Initializer =>
  ([rows, outputs]) =>
    Float32Array.from({ length: rows! * outputs! }, (_, at) => {
      const [i, o] = [Math.floor(at / outputs!), at % outputs!];
      return (i < inputs ? i % outputs! : i - inputs) === o ? NEAR_ONE : 0;
    });

const arithmeticCell = (label: string, cell: Cell): RecurrentCell => ({
  id: cell.id,
  label,
  arithmetic: cell,
  width: (outputs) => outputs,
  parameters: (inputs, outputs) =>
    cell
      .parameters('cell', inputs + outputs, outputs)
      .map(({ name, shape }) => ({ name, shape, initial: remembering(inputs) })),
  step: (parameters, x, state) => cell.apply(parameters, 'cell', tf.concat([x, state], -1)),
  answer: (_, state) => state,
});

/** Hidden units of the networks that accumulators are compared with. */
const HIDDEN = 32;

/** A network answers in tens: its hidden units are within ±1, and ten digits add up to as much as 90. */
const TENS = 10;

const linear = (parameters: Parameters, name: string, x: tf.Tensor): tf.Tensor =>
  tf.add(tf.matMul(x, parameters[`${name}/kernel`]!), parameters[`${name}/bias`]!);

const linearParameters = (
  name: string,
  inputs: number,
  outputs: number,
  bias: Initializer = constant(0),
): ParameterSpec[] => [
  { name: `${name}/kernel`, shape: [inputs, outputs], initial: xavier },
  { name: `${name}/bias`, shape: [1, outputs], initial: bias },
];

interface Network {
  readonly id: string;
  readonly label: string;
  /** Blocks of hidden units that each picture is turned into. */
  readonly gates: number;
  /** Blocks that are remembered; the first is the output. */
  readonly states: number;
  readonly bias?: Initializer;
  readonly step: RecurrentCell['step'];
}

/** A recurrent network, and a linear layer that answers. */
const network = ({ id, label, gates, states, bias, step }: Network): RecurrentCell => ({
  id,
  label,
  width: () => states * HIDDEN,
  parameters: (inputs, outputs) => [
    ...linearParameters('input', inputs, gates * HIDDEN, bias),
    { name: 'recurrent', shape: [HIDDEN, gates * HIDDEN], initial: orthogonal(1) },
    ...linearParameters('answer', HIDDEN, outputs),
  ],
  step,
  answer: (parameters, state) => {
    const h = states === 1 ? state : tf.split(state, states, -1)[0]!;
    return tf.mul(linear(parameters, 'answer', h), TENS);
  },
});

/** Hochreiter and Schmidhuber 1997, with forget gates that start open (Jozefowicz et al. 2015). */
const lstm = network({
  ...{ id: 'lstm', label: 'LSTM', gates: 4, states: 2 },
  bias: (shape) =>
    Float32Array.from({ length: shape.at(-1)! }, (_, i) => (Math.floor(i / HIDDEN) === 1 ? 1 : 0)),
  step(parameters, x, state) {
    const [h, c] = tf.split(state, 2, -1);
    const gates = tf.add(linear(parameters, 'input', x), tf.matMul(h!, parameters.recurrent!));
    const [input, forget, candidate, output] = tf.split(gates, 4, -1);
    const next = tf.add(
      tf.mul(tf.sigmoid(forget!), c!),
      tf.mul(tf.sigmoid(input!), tf.tanh(candidate!)),
    );
    return tf.concat([tf.mul(tf.sigmoid(output!), tf.tanh(next)), next], -1);
  },
});

/** Cho et al. 2014, its reset gate after the product as in cuDNN. */
const gru = network({
  ...{ id: 'gru', label: 'GRU', gates: 3, states: 1 },
  step(parameters, x, h) {
    const [resetX, updateX, candidateX] = tf.split(linear(parameters, 'input', x), 3, -1);
    const [resetH, updateH, candidateH] = tf.split(tf.matMul(h, parameters.recurrent!), 3, -1);
    const reset = tf.sigmoid(tf.add(resetX!, resetH!));
    const update = tf.sigmoid(tf.add(updateX!, updateH!));
    const candidate = tf.tanh(tf.add(candidateX!, tf.mul(reset, candidateH!)));
    return tf.add(tf.mul(update, h), tf.mul(tf.sub(1, update), candidate));
  },
});

/** Elman 1990. */
const rnn = network({
  ...{ id: 'rnn', label: 'plain RNN', gates: 1, states: 1 },
  step: (parameters, x, h) =>
    tf.tanh(tf.add(linear(parameters, 'input', x), tf.matMul(h, parameters.recurrent!))),
});

/** Everything that a stream of digits is given to. */
export const recurrentCells: readonly RecurrentCell[] = [
  arithmeticCell('NAC', nacCell),
  arithmeticCell('NALU', naluCell()),
  lstm,
  gru,
  rnn,
];

export const recurrentCell = (id: string): RecurrentCell =>
  recurrentCells.find((cell) => cell.id === id)!;
