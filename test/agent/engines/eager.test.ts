import { expect, test } from 'vitest';
import { programsFor } from '../../../agent/programs.ts';
import * as tf from '../../../agent/tf.ts';
import { PATHWAYS, randomFeeds, tinyRecipe } from '../tiny.ts';
import { load } from './engines-at-work.ts';

test.each(PATHWAYS)(
  'no program leaves a tensor behind, nor does one that fails: %s',
  async (pathway) => {
    const recipe = tinyRecipe({ pathway });
    const { encode, act, gradients } = programsFor(recipe);
    const feeds = randomFeeds(recipe, 2, 3, 1);
    const runs = [
      [await load('cpu', encode()), feeds.encode],
      [await load('cpu', act(2)), feeds.act],
      [await load('cpu', gradients(2, 2)), feeds.gradients],
    ] as const;
    const before = tf.memory().numTensors;
    for (const [runner, feed] of runs) {
      await runner.run(feed);
      expect(tf.memory().numTensors).toBe(before);
      const last = Object.keys(feed).at(-1)!;
      await expect(runner.run({ ...feed, [last]: new Float32Array(1_000_003) })).rejects.toThrow(
        last,
      );
      expect(tf.memory().numTensors).toBe(before);
    }
  },
);

test('a program changes none of its inputs, and its results outlive the next run', async () => {
  const recipe = tinyRecipe();
  const feeds = randomFeeds(recipe, 2, 3, 1).gradients;
  const copies = structuredClone(feeds);
  for (const engine of ['cpu', 'onnx', 'wasm'] as const) {
    const runner = await load(engine, programsFor(recipe).gradients(2, 2));
    const first = await runner.run(feeds);
    const kept = structuredClone(first);
    await runner.run({ ...feeds, advantage: feeds.advantage!.map((a) => -a) });
    expect(first).toEqual(kept);
    expect(await runner.run(feeds)).toEqual(kept);
    expect(feeds).toEqual(copies);
  }
});
