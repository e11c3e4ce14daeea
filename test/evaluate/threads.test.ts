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
  const seen: number[] = [];
  const onProgress = (done: number, total: number) => {
    expect(total).toBe(600);
    seen.push(done);
  };
  const alone = await evaluateRun(run, { ...options, threads: 0, onProgress });
  expect(seen).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
  for (const threads of [1, 2])
    expect(await evaluateRun(run, { ...options, threads })).toEqual(alone);
  seen.length = 0;
  expect(await evaluateRun(run, { ...options, threads: 5, onProgress })).toEqual(alone);
  expect(seen).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
});
