/** The smallest settings of each task, but for its seeds; the first run is trained. */
export const tiny: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  identity: { nets: ['nac', 'tanh'], iterations: 12, batch: 8 },
};
