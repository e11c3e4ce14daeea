import type { Cell } from '../../../agent/cells/cell.ts';
import { registeredCell } from '../../../agent/cells/registry.ts';
import { uniform } from '../../../agent/initializers.ts';
import type { ParameterSpec } from '../../../agent/parameters.ts';
import * as tf from '../../../agent/tf.ts';
import { FORMS, type FormName, type Operation } from './problem.ts';

/** A network that reads a sample step by step; a static sample has one step, and leaves nothing to carry. */
export interface ArithmeticNetwork {
  readonly parameters: readonly ParameterSpec[];
  /** Numbers that a step gives, H, and how many of them the next step reads: S, all or none. */
  readonly hidden: number;
  readonly state: number;
  /** @param x the inputs of a step, then what the last one gave, [M, B, I + S] @returns [M, B, H] */
  advance(parameters: Record<string, tf.Tensor>, x: tf.Tensor): tf.Tensor;
  /** @param h what the last step gave, [M, B, H] @returns [M, B, 1] */
  answer(parameters: Record<string, tf.Tensor>, h: tf.Tensor): tf.Tensor;
  /** The weights of one copy that should be whole, and how to make them so; null for a network without arithmetic cells. */
  readonly whole: {
    weights(parameters: Readonly<Record<string, Float32Array>>): Float32Array[];
    round(parameters: Readonly<Record<string, Float32Array>>): void;
  } | null;
}

/** The cells of the two layers 100 → 2 → 1: the first has to find the slices, the second the operation. */
const LAYERS = {
  nac: ['nac', 'nac'],
  nau: ['nau', 'nau'],
  nmu: ['nau', 'nmu'],
  nalu: ['nalu', 'nalu'],
  'nalu-two': ['nalu-two', 'nalu-two'],
  npu: ['nau', 'npu'],
  nmru: ['nau', 'nmru'],
  inalu: ['nau', 'inalu'],
} as const;
type TwoLayers = keyof typeof LAYERS;

const LSTM = 'lstm';
export type NetworkName = TwoLayers | OwnName | typeof LSTM;
/** A cell of the person's own behind a NAU that finds the slices, since most cells multiply or add few numbers better than many. */
type OwnName = `nau-${string}`;

/** @param id of a registered cell */
export const ownNetwork = (id: string): OwnName => `nau-${id}`;
const ownCell = (name: OwnName): string => name.slice('nau-'.length);
const isOwn = (name: string): name is OwnName => name.startsWith('nau-');

/** The cell that is a sum or a product of powers, trained by second-order steps: no network of cells. */
export const SELECTOR = 'sum-or-product';

/** What can be trained, and what tables call it. */
export const MODEL_LABELS = {
  [SELECTOR]: 'sum or product',
  nac: 'NAC',
  nau: 'NAU',
  nmu: 'NAU, NMU',
  npu: 'NAU, NPU',
  nmru: 'NAU, NMRU',
  nalu: 'NALU',
  'nalu-two': 'NALU, two matrices',
  inalu: 'NAU, iNALU',
  lstm: 'LSTM',
} as const satisfies Record<Exclude<NetworkName, OwnName> | typeof SELECTOR, string>;
export type ModelName = keyof typeof MODEL_LABELS;
export const MODELS = Object.keys(MODEL_LABELS) as ModelName[];

/** What tables call a model. */
export const labelOf = (model: ModelName | OwnName): string =>
  isOwn(model) ? `NAU, ${ownCell(model)}` : MODEL_LABELS[model];

/** The models that some lines are of, in the order of the tables. */
export function modelsOf<Model extends ModelName | OwnName>(
  lines: readonly { readonly model: Model }[],
): Model[] {
  const used = new Set(lines.map(({ model }) => model));
  const own = [...used].filter(isOwn);
  return [...MODELS.filter((model) => used.has(model as Model)), ...own] as Model[];
}

const SUMS: readonly Operation[] = ['add', 'subtract'];
const POWERS: readonly Operation[] = ['multiply', 'divide', 'square', 'root'];
/** The operations that a network's cells can write at all: only those are worth its training. */
const CAN: Readonly<Record<Exclude<NetworkName, OwnName>, readonly Operation[]>> = {
  nac: SUMS,
  nau: SUMS,
  nmu: ['multiply', 'square'],
  nmru: ['multiply', 'divide', 'square'],
  npu: POWERS,
  nalu: [...SUMS, ...POWERS],
  'nalu-two': [...SUMS, ...POWERS],
  inalu: [...SUMS, ...POWERS],
  lstm: [...SUMS, ...POWERS],
};

const RECURRENT: readonly NetworkName[] = ['nac', 'nalu', LSTM];

/** Whether a network is trained on an operation, in a form. Nobody knows what a cell of the person's own can write. */
export const isTrained = (name: NetworkName, operation: Operation, form: FormName): boolean =>
  isOwn(name) ||
  (CAN[name].includes(operation) &&
    (form === 'recurrent' ? RECURRENT.includes(name) : name !== LSTM));

export function networkOf(name: NetworkName, form: FormName): ArithmeticNetwork {
  const { inputs, steps } = FORMS[form];
  return name === LSTM ? lstm(inputs) : twoLayers(name, inputs, steps > 1 ? HIDDEN : 0);
}

/** Outputs of the first layer. */
const HIDDEN = 2;

function twoLayers(name: TwoLayers | OwnName, inputs: number, state: number): ArithmeticNetwork {
  const layers = isOwn(name) ? ['nau', ownCell(name)] : LAYERS[name];
  const [first, second] = layers.map((id) => registeredCell(id)!) as [Cell, Cell];
  const [select, combine] = ['select', 'combine'];
  return {
    parameters: [
      ...first.parameters(select!, inputs + state, HIDDEN),
      ...second.parameters(combine!, HIDDEN, 1),
    ],
    hidden: HIDDEN,
    state,
    advance: (parameters, x) => first.apply(parameters, select!, x),
    answer: (parameters, h) => second.apply(parameters, combine!, h),
    whole: {
      weights: (parameters) =>
        [
          first.read(parameters, select!, inputs + state),
          second.read(parameters, combine!, HIDDEN),
        ].flatMap(({ sums, powers }) => [sums, powers].filter((weights) => weights !== null)),
      round(parameters) {
        first.round(parameters, select!, inputs + state);
        second.round(parameters, combine!, HIDDEN);
      },
    },
  };
}

const UNITS = 16;

/** An LSTM and a linear layer; its state is its output and its cell. */
function lstm(inputs: number): ArithmeticNetwork {
  const limit = 1 / Math.sqrt(UNITS);
  const initial = uniform(-limit, limit);
  const gates = 4 * UNITS;
  return {
    parameters: [
      { name: 'kernel', shape: [inputs + UNITS, gates], initial },
      { name: 'bias', shape: [1, gates], initial },
      { name: 'out', shape: [UNITS, 1], initial },
      { name: 'out/bias', shape: [1, 1], initial },
    ],
    hidden: 2 * UNITS,
    state: 2 * UNITS,
    advance({ kernel, bias }, x) {
      const [seen, cell] = tf.split(x, [inputs + UNITS, UNITS], -1);
      const sums = tf.add(tf.matMul(seen!, kernel!), bias!);
      const [input, forget, candidate, output] = tf.split(sums, 4, -1);
      const next = tf.add(
        tf.mul(tf.sigmoid(forget!), cell!),
        tf.mul(tf.sigmoid(input!), tf.tanh(candidate!)),
      );
      return tf.concat([tf.mul(tf.sigmoid(output!), tf.tanh(next)), next], -1);
    },
    answer({ out, 'out/bias': bias }, h) {
      const [output] = tf.split(h, 2, -1);
      return tf.add(tf.matMul(output!, out!), bias!);
    },
    whole: null,
  };
}
