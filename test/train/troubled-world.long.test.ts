import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TrainOptions, train } from 'timegrid';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { brokenTensors, savedFrames } from './evidence.ts';
import { tinyOptions, UPDATE } from './tiny.ts';

const env = fileURLToPath(new URL('./troubled-grid.ts', import.meta.url));
const newRun = () => join(temporaryFolder(), 'run');

/** Five updates on a thread, with a checkpoint after each; the trouble comes in the third. */
const options = (run: string, trouble: string): TrainOptions => ({
  ...tinyOptions({ env, envOptions: { trouble, after: 25 }, frames: 5 * UPDATE }),
  run,
  checkpointEvery: UPDATE,
});

const thrown =
  "\\(test/train/troubled-grid.ts:\\d+:\\d+: if \\(trouble === 'throw'\\) throw new RangeError.*\\)";
const place = 'TroubledGrid-v0 failed at step \\d+ of an episode \\(world 0 of 16\\)';
test.each<[string, string, Partial<TrainOptions>]>([
  ['throw', `${place}: the floor gave way ${thrown}`, { threads: 2 }],
  ['throw', `${place}: the floor gave way ${thrown}`, { envWorkers: 2 }],
  ['nan', `${place}: the reward is NaN \\(rule reward-finite: .*\\)`, {}],
  ['promise', `${place}: step returned a promise \\(rule answers-at-once: .*\\)`, {}],
  [
    'later',
    'TroubledGrid-v0 threw outside of any call: the roof too \\(.*throw new Error\\(.the roof too.\\);\\)',
    {},
  ],
  ['exit', 'TroubledGrid-v0 ended its thread with exit code 7; look for process.exit', {}],
])(
  'a training ends with a sentence and keeps its checkpoint: %s, %j',
  async (trouble, what, more) => {
    const run = newRun();
    const sentence = `^the training in ${run} has stopped: ${what}; its checkpoint at frame ${2 * UPDATE} is kept$`;
    await expect(train({ ...options(run, trouble), ...more })).rejects.toMatchObject({
      ...{ name: 'Failure', message: expect.stringMatching(sentence) },
    });
    expect(savedFrames(run)).toBe(2 * UPDATE);
    expect(brokenTensors(run)).toEqual([]);
  },
);

test('a world that cannot be closed is trained in all the same', async () => {
  const run = newRun();
  expect(await train(options(run, 'close'))).toMatchObject({ finished: true });
});

test.each([
  ['rewardScale=1e38', { rewardScale: 1e38 }, /the loss \(.*\) is no longer .* \(frame 0\): .*/],
  ['learningRate=1e300', { learningRate: 1e300 }, /a parameter \(-?Infinity\) .* \(frame 160\): /],
])('a training that diverges saves no checkpoint: %s', async (_, set, message) => {
  const run = newRun();
  const diverging = train({ ...tinyOptions({ set }), run, checkpointEvery: UPDATE });
  await expect(diverging).rejects.toThrow(message);
  await expect(diverging).rejects.toThrow(/at update 1 .*; it had no checkpoint yet$/);
  expect(savedFrames(run)).toBe(0);
});
