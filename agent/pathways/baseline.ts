import type { PathwayFactory } from './pathway.ts';

/** The instruction goes straight into the LSTM (the baseline of Trask et al. 2018, section 4.5). */
export const baseline: PathwayFactory = (k) => ({
  parameters: [],
  accumulators: [],
  stateSize: 0,
  featureSize: k,
  apply: (_, instruction) => ({ features: instruction, state: null }),
});
