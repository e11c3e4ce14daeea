import { uniform } from '../initializers.ts';
import * as tf from '../tf.ts';
import { bounded, type Cell, distanceFromUnits, roundWithin } from './cell.ts';

/** Neural addition unit: y = W x, where W is a plain matrix kept within −1…1. */
export const nau: Cell = {
  id: 'nau',
  summary: 'Sums and differences, by linear weights kept within −1 and 1.',
  source: 'Madsen and Johansen 2020, section 2.2',
  parameters(name, inputs, outputs) {
    const limit = Math.min(0.5, Math.sqrt(6 / (inputs + outputs)));
    return [{ name: `${name}/w`, shape: [inputs, outputs], initial: uniform(-limit, limit) }];
  },
  apply: (parameters, name, x) => tf.matMul(x, bounded(parameters[`${name}/w`]!, -1, 1)),
  distanceFromWhole: (parameters, name) => distanceFromUnits(parameters[`${name}/w`]!),
  round: (parameters, name) => roundWithin(parameters[`${name}/w`]!, -1, 1),
  read: (parameters, name) => ({
    sums: parameters[`${name}/w`]!.map((w) => Math.max(-1, Math.min(1, w))),
    powers: null,
    gate: null,
  }),
};
