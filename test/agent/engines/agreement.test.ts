import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Results } from '../../../agent/engines/engine.ts';
import { gradientName, nextSlotName, shardName, slotName } from '../../../agent/names.ts';
import { optimizers } from '../../../agent/optimizers.ts';
import { views } from '../../../agent/parameters.ts';
import { programsFor } from '../../../agent/programs.ts';
import { anyTiny, randomFeeds } from '../tiny.ts';
import { COMPARED, expectClose, load, numbers, runEverywhere } from './engines-at-work.ts';

test('forward pass, losses, gradients and a whole update agree between the engines', async () => {
  await fc.assert(
    fc.asyncProperty(anyTiny, async ({ recipe, B, N, seed }) => {
      const { network, encode, act, gradients, update } = programsFor(recipe);
      const feeds = randomFeeds(recipe, B, N, seed);
      const results = {
        encode: await runEverywhere(encode(), [feeds.encode]),
        act: await runEverywhere(act(B), [feeds.act]),
        gradients: await runEverywhere(gradients(B, 2 * B), [feeds.gradients]),
      };
      for (const [program, { cpu, ...others }] of Object.entries(results)) {
        for (const [engine, [actual]] of Object.entries(others)) {
          expectClose(actual!, cpu[0]!, { what: `${engine} ${program}` });
        }
      }

      // Each engine steps by its own gradient and by that of another shard.
      const { size } = network.layout;
      const { floats } = numbers(`means ${seed}`);
      const slots = optimizers[recipe.config.optimizer].slots;
      const means = Object.fromEntries(slots.map((s) => [slotName(s), floats(size, 0, 0.01)]));
      const other = floats(size, -0.1, 0.1);
      const stepped: Record<string, Results> = {};
      for (const engine of COMPARED) {
        const own = new Float32Array(size);
        for (const [name, view] of Object.entries(views(network.layout, own))) {
          view.set(results.gradients[engine][0]![gradientName(name)]!);
        }
        const runner = await load(engine, update(2));
        stepped[engine] = await runner.run({
          parameters: feeds.vector,
          ...{ [shardName(0)]: own, [shardName(1)]: other },
          ...means,
          learningRate: Float32Array.of(0.01),
          count: Float32Array.of(3),
        });
        await runner.dispose();
      }
      expect(Object.keys(stepped.cpu!)).toEqual(
        expect.arrayContaining(['nextParameters', 'gradientNorm', ...slots.map(nextSlotName)]),
      );
      expect(stepped.cpu!.nextParameters).not.toEqual(feeds.vector);
      for (const engine of ['onnx', 'wasm']) {
        expectClose(stepped[engine]!, stepped.cpu!, { what: `${engine} update` });
      }
    }),
    { seed: 20181, numRuns: 8 },
  );
});
