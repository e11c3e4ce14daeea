import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAgent, loadCheckpoint, openRun, train } from 'timegrid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tinyOptions } from '../train/tiny.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));
const run = join(folder, 'run');

beforeAll(async () => {
  await train({ ...tinyOptions(), run });
}, 60_000);

interface Description {
  world: { actions: number };
  settings: { config: { lstm: number }; seed?: number };
}

describe('loadAgent', () => {
  test('has the parameters of the checkpoint, and acts with them', async () => {
    const agent = await loadAgent(run, 'last', 'onnx', 3);
    const { tensors, frames } = loadCheckpoint(openRun(run), 'last');
    expect(agent).toMatchObject({ path: run, frames });
    for (const { name, offset, size } of agent.blueprint.layout.slots) {
      expect(agent.parameters.slice(offset, offset + size)).toEqual(
        tensors[`parameters/${name}`]!.data,
      );
    }
    expect(agent.blueprint).toMatchObject({ B: 3, recipe: { world: { actions: 5 } } });
  });

  /** A copy of the run whose description has been changed. */
  function changed(name: string, change: (description: Description) => void): string {
    const copy = join(folder, name);
    fs.cpSync(run, copy, { recursive: true });
    const file = join(copy, 'run.json');
    const description = JSON.parse(fs.readFileSync(file, 'utf8'));
    change(description);
    fs.writeFileSync(file, JSON.stringify(description));
    return copy;
  }

  test.each<[string, (description: Description) => void, string, RegExp]>([
    [
      'a world that has changed',
      ({ world }) => (world.actions = 4),
      'UsageError',
      /was trained in a TimedGrid-v0 whose actions was 4; it is 5 now/,
    ],
    [
      'another network',
      ({ settings }) => (settings.config.lstm = 8),
      'Failure',
      /was made for another network: parameters\/lstm\/frame_kernel is \[16,64\], not \[16,32\]/,
    ],
    [
      'a description of something else',
      (description) => delete description.settings.seed,
      'Failure',
      /run\.json does not describe a training .*: settings\.seed: /,
    ],
  ])('refuses %s', async (name, change, error, message) => {
    const copy = changed(name.replaceAll(' ', '-'), change);
    const loading = loadAgent(copy, 'last', 'onnx', 1);
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.toMatchObject({ name: error });
  });

  test('refuses a run that is not there', async () => {
    await expect(loadAgent(join(folder, 'rum'), 'last', 'onnx', 1)).rejects.toThrow(
      `there is no run at ${join(folder, 'rum')}; did you mean ${run}?`,
    );
  });
});
