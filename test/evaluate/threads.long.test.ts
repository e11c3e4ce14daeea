import { join } from 'node:path';
import { expect, test } from 'vitest';
// Threads run the compiled code.
import { evaluateRun } from '../../dist/src/evaluate/evaluate-run.js';
import { temporaryFolder } from '../run/temporary.ts';
import { saveRun } from './saved-run.ts';

test('the results are the same however many threads there are', async () => {
  const run = join(temporaryFolder(), 'run');
  saveRun(run);
  const options = { numbers: [2, 3, 4, 5, 6, 7], episodes: 100, policy: 'sample' } as const;
  // At the three numbers of training, 60 are played with the other policy too.
  const TOTAL = 660;
  const seen: number[] = [];
  const onProgress = (done: number, total: number) => {
    expect(total).toBe(TOTAL);
    seen.push(done);
  };
  const alone = await evaluateRun(run, { ...options, threads: 0, onProgress });
  expect(seen).toEqual(Array.from({ length: TOTAL }, (_, i) => i + 1));
  for (const threads of [1, 2])
    expect(await evaluateRun(run, { ...options, threads })).toEqual(alone);
  seen.length = 0;
  expect(await evaluateRun(run, { ...options, threads: 5, onProgress })).toEqual(alone);
  expect(seen).toEqual(Array.from({ length: TOTAL }, (_, i) => i + 1));
});

test('nor do they depend on further threads for slow worlds, which play even a few episodes', async () => {
  const run = join(temporaryFolder(), 'run');
  saveRun(run);
  const options = { numbers: [2, 3], episodes: 11, threads: 1, policy: 'sample' } as const;
  const alone = await evaluateRun(run, options);
  for (const envWorkers of [1, 3]) {
    expect(await evaluateRun(run, { ...options, envWorkers })).toEqual(alone);
  }
});
