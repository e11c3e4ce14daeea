import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { loadSavedAgent } from '../../src/play/saved-agent.ts';
import { openRun } from '../../src/run/folder.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { saveRun } from '../evaluate/saved-run.ts';
import { forge } from '../run/forge.ts';
import { temporaryFolder } from '../run/temporary.ts';

let run: string;
beforeEach(() => {
  run = join(temporaryFolder(), 'run');
  saveRun(run);
});
const load = (path: string) => loadSavedAgent(path, 'last', 'onnx', 3);

test('a saved agent has the parameters of the checkpoint', async () => {
  const agent = await load(run);
  const { tensors, frames } = loadCheckpoint(openRun(run), 'last');
  expect(agent).toMatchObject({ path: run, frames });
  for (const { name, offset, size } of agent.blueprint.layout.slots) {
    expect(agent.parameters.slice(offset, offset + size)).toEqual(
      tensors[`parameters/${name}`]!.data,
    );
  }
  expect(agent.blueprint).toMatchObject({ B: 3, recipe: { world: { actions: 5 } } });
});

test.each<[string, (text: string) => string, string, RegExp]>([
  [
    'a world that has changed',
    (text) => text.replace('"actions": 5', '"actions": 4'),
    'UsageError',
    /was trained in a TimedGrid-v0 whose actions was 4; it is 5 now/,
  ],
  [
    'another network',
    (text) => text.replace('"lstm": 8', '"lstm": 4'),
    'Failure',
    /was made for another network: parameters\/lstm\/frame_kernel is \[8,32\], not \[8,16\]/,
  ],
  [
    'a description of something else',
    (text) => text.replace('"seed"', '"seat"'),
    'Failure',
    /run\.json does not describe a training .*: settings\.seed: /,
  ],
])('refuses %s', async (_, change, name, message) => {
  forge(run, change);
  await expect(load(run)).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message),
  });
});

test('refuses a run that does not exist, naming the closest', async () => {
  const missing = join(run, '..', 'rum');
  await expect(load(missing)).rejects.toThrow(
    `there is no run at ${missing}; did you mean ${run}?`,
  );
});
