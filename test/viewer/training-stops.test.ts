import { expect, test } from 'vitest';
import { trainingStops } from '../../viewer/training-stops.ts';

const agent = (frames: number, ...kept: number[]) => ({
  frames,
  kept: kept.map((at) => ({ frames: at, checkpoint: `${at}-0` })),
});

test('the slider stops wherever any agent was kept, and at its end once', () => {
  expect(trainingStops([agent(900, 0, 300, 900), agent(900, 0, 450, 900)])).toEqual([
    ...[0, 300, 450],
    null,
  ]);
  // In the middle of a training, the last kept is older than the newest.
  expect(trainingStops([agent(500, 0, 300)])).toEqual([0, 300, null]);
  for (const none of [[], [agent(0, 0)], [{ frames: 9 }]]) expect(trainingStops(none)).toEqual([]);
});
