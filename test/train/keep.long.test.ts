import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
// Threads run the compiled code.
import { train } from '../../dist/src/train/train.js';
import { onlyParameters } from '../../src/run/agent-parameters.ts';
import { openRun } from '../../src/run/folder.ts';
import { listKept, readKept } from '../../src/run/kept-checkpoints.ts';
import { keptFolder } from '../../src/run/kept-points.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { verifyRun } from '../../src/run/verify.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { evidence } from './evidence.ts';
import { tinyOptions, UPDATE } from './tiny.ts';

const options = tinyOptions({ agent: 'baseline', frames: 8 * UPDATE });
const updatesOf = (run: string) => listKept(run).map(({ frames }) => frames / UPDATE);

test('a training keeps parameters from its first to its last frame, and is the same training', async () => {
  const folder = temporaryFolder();
  const [whole, keeping, resumed] = ['whole', 'keeping', 'resumed'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await train({ ...options, run: whole });
  expect(listKept(whole)).toEqual([]);
  await train({ ...options, run: keeping, keep: 5 });
  expect(evidence(keeping)).toEqual(evidence(whole));
  const kept = listKept(keeping);
  expect(updatesOf(keeping)).toEqual([0, 2, 4, 6, 8]);
  const last = loadCheckpoint(openRun(keeping), 'last');
  expect(readKept(keeping, kept.at(-1)!)).toEqual(onlyParameters(last.tensors));

  // Stopped after each update, and once taken back.
  await train({ ...options, run: resumed, keep: 5 }, { signal: AbortSignal.abort() });
  const further = { run: resumed, resume: true };
  for (let update = 1; update < 6; update++) await train(further, { signal: AbortSignal.abort() });
  expect(updatesOf(resumed)).toEqual([0, 2, 4, 6]);
  await train({ run: resumed, resume: 'previous' }, { signal: AbortSignal.abort() });
  expect(updatesOf(resumed)).toEqual([0, 2, 4, 6]);
  await train(further);
  expect(listKept(resumed)).toEqual(kept);
  expect(evidence(resumed)).toEqual(evidence(whole));

  // Twice as long, its parts are twice as long, too.
  await train({ run: resumed, resume: true, frames: 16 * UPDATE });
  expect(updatesOf(resumed)).toEqual([0, 4, 8, 12, 16]);
  expect(verifyRun(resumed).isWhole).toBe(true);
  const file = join(resumed, keptFolder, listKept(resumed)[2]!.file);
  fs.appendFileSync(file, 'x');
  const damaged = verifyRun(resumed).files.filter(({ state }) => state !== 'whole');
  expect(damaged).toMatchObject([{ file: file.slice(resumed.length + 1), state: 'damaged' }]);

  // Another count, and another run in the same folder.
  fs.rmSync(file);
  await train({ run: resumed, resume: true, keep: 3 });
  expect(updatesOf(resumed)).toEqual([0, 12, 16]);
  await train({ ...options, run: resumed, overwrite: true });
  expect(listKept(resumed)).toEqual([]);
  await expect(train({ ...options, run: whole, keep: 1 })).rejects.toThrow('keep');
});
