/** The smallest settings of each task, but for its seeds; the first run is trained. */
export const tiny: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  language: {
    models: ['reckoner', 'nalu'],
    ranges: ['to-1000'],
    iterations: 2,
    hidden: 2,
    starts: 1,
  },
  digits: {
    ...{ cells: ['nac', 'lstm'], iterations: 4, longest: 3, each: 1 },
    ...{ drawn: 90, lengths: [3, 5], pictures: 20 },
  },
  module: { cells: ['nau', 'inalu-second-order'], inputs: [2], iterations: 6, batch: 8 },
  identity: { nets: ['nac', 'tanh'], iterations: 12, batch: 8 },
  arithmetic: {
    forms: ['static'],
    models: ['nalu'],
    operations: ['add', 'divide'],
    iterations: 6,
    batch: 8,
  },
};
