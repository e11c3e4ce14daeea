import { expect, test } from 'vitest';
import { make } from '../../env/index.ts';
import type { WorldInfo } from '../../src/watch/protocol.ts';
import { legendOf } from '../../viewer/legend-entries.ts';

const legend = (options: object) => legendOf({ options: options as WorldInfo['options'] });
const namesIn = (id: string) => legend(make(id).options).map(({ name }) => name);

test('what is seen is named by the options of the world, with its colour', () => {
  expect(legend(make('TimedGrid-v0').options)).toEqual([
    { name: 'agent', colour: 'rgb(128 128 128)' },
    { name: 'target', colour: 'rgb(255 0 0)' },
  ]);
  expect(namesIn('CountCoins-v0').toSorted()).toEqual(['agent', 'coin', 'exit']);
  expect(namesIn('TimedMaze-v0').toSorted()).toEqual(['agent', 'target', 'wall']);
});

test('options of a user’s own world are read as well, and anything else is left out', () => {
  const options = {
    ...{ lockedDoorColor: [1, 2, 3], groundColour: [0, 0, 0], colour: [1, 1, 1], size: 5 },
    ...{ skyColour: 'blue', mistColour: [1, 2], fogColour: [1, 2, '3'] },
  };
  expect(legend(options)).toEqual([{ name: 'locked door', colour: 'rgb(1 2 3)' }]);
});
