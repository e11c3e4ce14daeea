import { join } from 'node:path';
import { train } from 'timegrid';
import { expect, test } from 'vitest';
import { openRun } from '../../src/run/folder.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { evidence } from './evidence.ts';
import { tinyOptions, UPDATE } from './tiny.ts';

const CONSTANT = { learningRateSchedule: 'constant', warmup: 0, entropySchedule: 'constant' };

/** Trains `frames` at once, and `short` that are then extended to as many. */
async function both(set: object, short: number, frames: number) {
  const folder = temporaryFolder();
  const options = tinyOptions({ set: { ...set } });
  const [whole, run] = [join(folder, 'whole'), join(folder, 'extended')];
  await train({ ...options, frames, run: whole });
  await train({ ...options, frames: short, run });
  const notes: string[] = [];
  const result = await train(
    { run, resume: true, frames },
    { onNote: (sentence) => notes.push(sentence) },
  );
  expect(result.finished).toBe(true);
  return { run, notes, result, whole: evidence(whole).last, extended: evidence(run).last };
}

test('a run that is extended has the bits of one trained at once, where nothing depends on its length', async () => {
  const { run, notes, result, whole, extended } = await both(CONSTANT, 3 * UPDATE, 7 * UPDATE);
  expect(result.frames).toBe(7 * UPDATE);
  expect(notes).toEqual([]);
  const { log: _, ...state } = extended.state;
  expect(whole).toMatchObject({ ...extended, state });
  const { settings, formerTotals } = openRun(run).description as Record<string, unknown>;
  expect(settings).toMatchObject({ totalFrames: 7 * UPDATE });
  expect(formerTotals).toEqual([{ totalFrames: 3 * UPDATE, frames: 3 * UPDATE }]);
  await expect(train({ run, resume: true, frames: 6 * UPDATE })).rejects.toThrow(
    `can be extended, but not shortened to ${6 * UPDATE}`,
  );
});

test('schedules follow the new end, and a note says so', async () => {
  const { notes, whole, extended } = await both({ pull: 0.5 }, 3 * UPDATE, 6 * UPDATE);
  expect(notes).toEqual([
    `from frame ${3 * UPDATE} on, its schedules (learningRateSchedule, warmup, entropySchedule, pullFrom, roundAt) follow ${6 * UPDATE} frames instead of ${3 * UPDATE}, so the result differs from that of a run started with --frames ${6 * UPDATE}`,
  ]);
  expect(extended.frames).toBe(whole.frames);
  expect(extended.tensors).not.toEqual(whole.tensors);
});
