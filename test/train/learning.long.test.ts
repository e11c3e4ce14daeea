// Threads run the compiled code.

import { expect, test } from 'vitest';
import { createTrainer } from '../../dist/src/train/shard-pool.js';
import type { TrainSettings } from '../../src/run/train-settings.ts';
import type { TrainerState } from '../../src/train/trainer.ts';
import { tinySettings } from './tiny.ts';

test('a 3 × 3 grid is learned: from random to nine tenths of the maximum', {
  timeout: 300_000,
}, async () => {
  const frames = 200_000;
  const settings = tinySettings({
    frames,
    // Every start reaches every target within four steps.
    envOptions: { pixels: 12, timeMin: 4, timeMax: 7, slack: 4 },
    set: { worlds: 8, steps: 16, dense: 32, lstm: 32, learningRate: 5e-3, rewardScale: 0.2 },
  });
  const trainer = await createTrainer(settings);
  const tenths = Array.from({ length: 10 }, () => ({ sum: 0, episodes: 0 }));
  while (!trainer.done) {
    const tenth = tenths[Math.floor((10 * trainer.frames) / frames)]!;
    for (const episode of (await trainer.update()).episodes) {
      tenth.sum += episode.return;
      tenth.episodes += 1;
    }
  }
  await trainer.close();
  const returns = tenths.map(({ sum, episodes }) => sum / episodes);
  expect(returns[0]).toBeLessThan(4);
  expect(returns[9]).toBeGreaterThan(9);
});

/** The largest difference between two vectors. */
function gap(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

async function trained(settings: TrainSettings): Promise<TrainerState> {
  const trainer = await createTrainer(settings);
  while (!trainer.done) await trainer.update();
  const state = await trainer.state();
  await trainer.close();
  return state;
}

/** Two updates on an engine, compared with the same on onnx: what is fed and drawn is the same. */
test.each(['wasm', 'cpu'] as const)('%s trains as onnx does', async (engine) => {
  const small = {
    worlds: 4,
    steps: 5,
    dense: 8,
    lstm: 8,
    convolutions: [{ filters: 2, size: 8, stride: 8 }],
  };
  const two = (name: TrainSettings['engine']) =>
    trained(tinySettings({ engine: name, frames: 40, set: small }));
  const [expected, found] = [await two('onnx'), await two(engine)];
  expect(found.frames).toBe(40);
  expect(gap(found.parameters, expected.parameters)).toBeLessThan(1e-4);
  expect(found.shards.map(({ worlds }) => worlds)).toEqual(
    expected.shards.map(({ worlds }) => worlds),
  );
});
