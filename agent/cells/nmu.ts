import { uniform } from '../initializers.ts';
import {
  bounded,
  type Cell,
  distanceFromUnits,
  gatedFactors,
  product,
  roundWithin,
} from './cell.ts';

/** Neural multiplication unit: y = Π (w x + 1 − w), where each w is kept within 0…1. */
export const nmu: Cell = {
  id: 'nmu',
  summary: 'Products of some of its inputs, chosen by weights from 0 to 1.',
  source: 'Madsen and Johansen 2020, section 2.3',
  parameters: (name, inputs, outputs) => [
    { name: `${name}/w`, shape: [inputs, outputs], initial: uniform(0.25, 0.75) },
  ],
  apply: (parameters, name, x) => product(gatedFactors(x, bounded(parameters[`${name}/w`]!, 0, 1))),
  distanceFromWhole: (parameters, name) => distanceFromUnits(parameters[`${name}/w`]!),
  round: (parameters, name) => roundWithin(parameters[`${name}/w`]!, 0, 1),
  read: (parameters, name) => ({
    sums: null,
    powers: parameters[`${name}/w`]!.map((w) => Math.max(0, Math.min(1, w))),
    gate: null,
  }),
};
