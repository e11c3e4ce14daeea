import * as z from 'zod';
import type { PathwaySpec } from './pathway.ts';

/** The instruction goes straight into the LSTM (the baseline of Trask et al. 2018, section 4.5). */
export const baseline: PathwaySpec = {
  id: 'baseline',
  summary: 'The LSTM gets the number as it is.',
  colour: '#D55E00',
  options: z.strictObject({}),
  create: (instruction) => ({
    parameters: [],
    accumulators: [],
    state: [],
    featureSize: instruction.length,
    apply: (_, instruction) => ({ features: instruction, state: null }),
  }),
};
