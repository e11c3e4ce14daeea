import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { machine as compiledMachine } from '../../dist/src/run/sign-of-life.js';
import { train } from '../../dist/src/train/train.js';
import { Random } from '../../env/random.ts';
import { holdsRun, readRunMetrics } from '../../src/run/folder.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { settleLock } from '../../src/run/lock.ts';
import { machine } from '../../src/run/sign-of-life.ts';
import {
  createRun,
  resumeRun,
  saveCheckpoint,
  type TrainingRun,
} from '../../src/run/training-run.ts';
import { evidence } from '../train/evidence.ts';
import { tinyOptions } from '../train/tiny.ts';
import { build, type Files, fates, filesIn, Recording } from './power-loss.ts';
import { checkpointAt, loadedAt } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

const seed = process.env.POWER_LOSS_SEED ?? 'power loss';
const random = new Random(seed);

let root: string;
let recording: Recording;
beforeEach(() => {
  root = temporaryFolder();
  recording = new Recording(root);
  // After a loss of power nobody holds the lock that is still on the disk, and nobody waits to see that here.
  for (const each of [machine, compiledMachine]) {
    vi.spyOn(each, 'wait').mockResolvedValue(undefined);
    vi.spyOn(each, 'repeat').mockReturnValue(() => {});
  }
});
afterEach(() => void vi.restoreAllMocks());

function hashOf(files: Files, ...more: unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(more));
  for (const [path, content] of [...files].sort()) {
    hash.update(`${path}\n${content?.length}\n`).update(content ?? '');
  }
  return hash.digest('hex');
}

/** Builds the disk after each of so many changes, in several ways, and looks at each that is new. */
async function lookAfter(
  cuts: Iterable<number>,
  look: (folder: string, promised: number) => unknown,
): Promise<void> {
  // The disks that are built lose no power.
  vi.spyOn(fs, 'fsyncSync').mockImplementation(() => {});
  const seen = new Set<string>();
  for (const cut of cuts) {
    const promised = recording.promisedAfter(cut);
    for (const fate of fates(random)) {
      const files = recording.afterPowerLoss(cut, fate, random);
      const key = hashOf(files, promised);
      if (seen.has(key)) continue;
      seen.add(key);
      const folder = fs.mkdtempSync(join(root, 'after-'));
      build(folder, files);
      try {
        await look(folder, promised);
      } catch (cause) {
        const where = `seed ${seed}, change ${cut} of ${recording.changes.length}, disk ${seen.size}`;
        throw new Error(`${where}: ${cause}\n${[...files.keys()].join('\n')}`, { cause });
      }
      fs.rmSync(folder, { recursive: true });
    }
  }
  console.log(`${recording.changes.length} changes, ${seen.size} disks, seed ${seed}`);
}

test('a saved checkpoint is never lost, and what the power leaves can be resumed', async () => {
  const path = join('deep', 'below', 'run');
  const advance = (run: TrainingRun, ...frames: number[]): void => {
    for (const at of frames) {
      run.metrics.append({ frames: at });
      run.events.append(at, { 'train/frames': at }, at);
      saveCheckpoint(run, checkpointAt(at, at % 3 === 0));
      recording.promise(at);
    }
    run.metrics.append({ frames: frames.at(-1)! + 1 });
    run.close();
  };
  await recording.during(() => {
    const run = join(root, path);
    advance(createRun(run, {}), 1, 2, 3, 4);
    advance(resumeRun(run).run, 5, 6);
    recording.promise(5);
    advance(resumeRun(run, 'previous').run, 6, 7, 8);
    recording.promise(6);
    advance(resumeRun(run, 'best').run, 7);
    recording.promise(0);
    advance(createRun(run, {}, { overwrite: true }), 1, 2);
  });
  expect(recording.files).toEqual(filesIn(root));
  await lookAfter(recording.changes.keys(), async (folder, promised) => {
    const run = join(folder, path);
    await settleLock(run);
    if (!holdsRun(run)) {
      expect(promised).toBe(0);
      return createRun(run, {}).close();
    }
    const note = vi.fn();
    const resumed = resumeRun(run, 'last', note);
    const frames = resumed.checkpoint?.frames ?? 0;
    expect(frames).toBeGreaterThanOrEqual(promised);
    expect(note).not.toHaveBeenCalled();
    if (frames > 0) expect(resumed.checkpoint).toMatchObject(loadedAt(frames));
    if (frames >= 3) {
      const best = loadCheckpoint(resumed.run, 'best');
      expect(best).toEqual(loadedAt(best.frames));
    }
    expect(readRunMetrics(resumed.run)).toEqual(
      Array.from({ length: frames }, (_, i) => ({ frames: i + 1 })),
    );
    saveCheckpoint(resumed.run, checkpointAt(frames + 1));
    resumed.run.close();
    expect(fs.readdirSync(run).filter((name) => /tmp|lock/.test(name))).toEqual([]);
  });
}, 1_800_000);

test('a training that loses its power anywhere ends with the same bits', async () => {
  const path = join('runs', 'nac');
  const options = {
    ...tinyOptions({ frames: 12_800, set: { worlds: 8, steps: 160 } }),
    checkpointEvery: 2560,
  } as object;
  const whole = join(root, path);
  await recording.during(async () => {
    const stop = new AbortController();
    const callbacks = { onProgress: () => stop.abort(), signal: stop.signal };
    await train({ ...options, run: whole }, callbacks);
    await train({ run: whole, resume: true });
    await train({ run: whole, resume: 'previous' });
  });
  const expected = evidence(whole);
  expect(expected.metrics.map(({ frames }) => frames)).toEqual([6400, 12_800]);
  await recording.during(() => train({ ...options, run: whole, overwrite: true }));
  expect(recording.files).toEqual(filesIn(root));
  expect(evidence(whole)).toEqual(expected);

  const continued = new Set<string>();
  const cuts = Array.from(recording.changes.keys()).filter(() => random.uniform() < 0.4);
  await lookAfter(cuts, async (folder) => {
    const run = join(folder, path);
    await settleLock(run);
    let state = 'none';
    if (holdsRun(run)) {
      const { run: opened, checkpoint } = resumeRun(run);
      opened.close();
      state = checkpoint ? hashOf(filesIn(run)) : 'started';
    }
    // From the same bytes comes the same training.
    if (continued.has(state)) return;
    continued.add(state);
    await train(holdsRun(run) ? { run, resume: true } : { ...options, run });
    expect(evidence(run)).toEqual(expected);
  });
  console.log(`${continued.size} of them differ once they are opened`);
  expect(continued.size).toBeGreaterThan(10);
}, 1_800_000);
