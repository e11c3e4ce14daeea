/** A training small enough to be measured in a moment. */
export const tiny = {
  convolutions: [{ filters: 2, size: 8, stride: 8 }],
  dense: 4,
  lstm: 4,
  worlds: 3,
  steps: 2,
};

export const timedGrid = { id: 'TimedGrid-v0', options: {} };
