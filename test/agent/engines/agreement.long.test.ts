import fc from 'fast-check';
import { test } from 'vitest';
import { programsFor } from '../../../agent/programs.ts';
import { anyTiny, randomFeeds } from '../tiny.ts';
import { expectClose, runEverywhere } from './engines-at-work.ts';

test('forward pass, losses and gradients agree between the engines', async () => {
  await fc.assert(
    fc.asyncProperty(anyTiny, async ({ recipe, B, N, seed }) => {
      const { encode, act, gradients } = programsFor(recipe);
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
    }),
    { seed: 20181, numRuns: 8 },
  );
});
