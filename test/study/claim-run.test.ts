import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HeldElsewhere } from '../../src/run/lock.ts';
import { machine } from '../../src/run/sign-of-life.ts';
import { claimRun } from '../../src/study/claim-run.ts';
import type { StudyRun } from '../../src/study/kind.ts';
import { temporaryFolder } from '../run/temporary.ts';

let run: StudyRun;
let other: StudyRun;
beforeEach(() => {
  const folder = temporaryFolder();
  const named = (name: string): StudyRun => ({
    label: name,
    path: join(folder, 'runs', name),
    result: join(folder, 'results', `${name}.json`),
  });
  run = named('a-1');
  other = named('a-2');
});
afterEach(() => void vi.restoreAllMocks());

/** From now on, this process runs on another machine, which gives no sign of life but that of `claimRun`. */
function moveTo(host: string): void {
  vi.spyOn(machine, 'boot').mockReturnValue(`boot of ${host}`);
  vi.spyOn(machine, 'host').mockReturnValue(host);
  vi.spyOn(machine, 'repeat').mockReturnValue(() => {});
}

test('a run is claimed once; other runs of the study are free, and nothing is left behind', async () => {
  const lock = await claimRun(run);
  await expect(claimRun(run)).rejects.toThrow(HeldElsewhere);
  await expect(claimRun(run)).rejects.toThrow(
    `${run.path} is being trained by process ${process.pid}; wait until it ends or stop it`,
  );
  (await claimRun(other)).release();
  lock.requireHeld();
  lock.release();
  expect(fs.readdirSync(dirname(run.result))).toEqual([]);
  expect(fs.existsSync(dirname(run.path))).toBe(true);
  (await claimRun(run)).release();
});

test('a run of a machine that gives no sign of life is taken over, and that machine notices', async () => {
  moveTo('elsewhere');
  const late = await claimRun(run);
  moveTo('here');
  const wait = vi.spyOn(machine, 'wait').mockResolvedValue(undefined);
  const note = vi.fn();
  const lock = await claimRun(run, note);
  expect(wait).toHaveBeenCalledTimes(12);
  expect(note).toHaveBeenCalledExactlyOnceWith(
    `${run.path} was locked by process ${process.pid} on elsewhere: waiting up to 12 s for a sign of life`,
  );
  lock.requireHeld();
  expect(() => late.requireHeld()).toThrow(/runs\/a-1 is no longer locked by this process/);
  late.release();
  lock.requireHeld();
  lock.release();
});
