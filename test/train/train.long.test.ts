import fs from 'node:fs';
import { join } from 'node:path';
import { type TrainProgress, train } from 'timegrid';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { evidence, savedFrames } from './evidence.ts';
import { tinyOptions, UPDATE } from './tiny.ts';

test('a program trains, stops and resumes an agent, to the same bits', async () => {
  const folder = temporaryFolder();
  const options = tinyOptions({ agent: 'baseline', frames: 50 * UPDATE });
  const whole = join(folder, 'whole');
  const progress: TrainProgress[] = [];
  const started: unknown[] = [];
  const result = await train(
    { ...options, run: whole },
    {
      onStart: ({ run, settings }) => started.push(run, settings.config.pathway, settings.shards),
      onProgress: (state) => progress.push(state),
    },
  );
  expect(result).toEqual({ run: whole, frames: 50 * UPDATE, finished: true });
  expect(started).toEqual([whole, 'baseline', 1]);
  expect(progress.map(({ frames }) => frames)).toEqual([6400, 8000]);
  expect(progress[0]!.metrics.arrived).toBeGreaterThan(0);

  const run = join(folder, 'stopped');
  const signal = AbortSignal.abort();
  const stopped = await train({ ...options, run }, { signal });
  expect(stopped).toEqual({ run, frames: UPDATE, finished: false });
  const resumed = await train({ run, resume: true });
  expect(resumed).toEqual({ run, frames: 50 * UPDATE, finished: true });
  expect(evidence(run)).toEqual(evidence(whole));
});

test('an option that cannot be is refused before anything is written', async () => {
  const run = join(temporaryFolder(), 'run');
  await expect(train({ run, env: 'TimedGird-v0' })).rejects.toThrow('did you mean "TimedGrid-v0"');
  await expect(train({ run, frame: 100 } as object)).rejects.toThrow(
    'train has no option "frame"; did you mean "frames"?',
  );
  await expect(train({ run, frames: 0.5 })).rejects.toThrow(
    'train: option "frames" (frames to train on) takes a whole number of at least 1, not 0.5',
  );
  await expect(train({ run, set: { lsmt: 1 } })).rejects.toThrow('did you mean "lstm"');
  await expect(train({ run, resume: true, overwrite: true })).rejects.toThrow(
    `${run} can be resumed or overwritten, not both`,
  );
  await expect(train({ run, resume: 'best' })).rejects.toThrow(`there is no run at ${run}`);
  const onStart = () => {
    throw new Error('no');
  };
  await expect(train({ ...tinyOptions(), run }, { onStart })).rejects.toThrow('no');
  expect(fs.existsSync(run)).toBe(false);
  expect(savedFrames(run)).toBe(-1);
});
