import { expect, onTestFinished, test } from 'vitest';
import { startShardsHere } from '../../dist/src/train/shards-here.js';
import { Trainer } from '../../dist/src/train/trainer.js';
import { tinySettings } from './tiny.ts';
import { trained } from './trainer-at-work.ts';

test.each([1, 3])(
  '%i shards in one thread train to the bits of as many threads',
  async (threads) => {
    const settings = tinySettings({ threads, agent: 'nac-clock' });
    const trainer = await Trainer.create(settings, startShardsHere);
    onTestFinished(() => trainer.close());
    while (!trainer.done) await trainer.update();
    expect(await trainer.state()).toEqual(await trained(settings));
  },
);
