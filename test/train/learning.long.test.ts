// Threads run the compiled code.

import { expect, test } from 'vitest';
import { Trainer } from '../../dist/src/train/trainer.js';
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
  const trainer = await Trainer.create(settings);
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
