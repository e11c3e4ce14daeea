import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { Random } from '../../env/random.ts';
import { Failure } from '../../src/common/errors.ts';
import type { Checkpoint } from '../../src/run/checkpoint.ts';
import { holdsRun, openRun, readRunMetrics } from '../../src/run/folder.ts';
import { loadCheckpoint } from '../../src/run/load-checkpoint.ts';
import { settleLock } from '../../src/run/lock.ts';
import { createRun, resumeRun } from '../../src/run/training-run.ts';
import { temporaryFolder } from './temporary.ts';

/** Milliseconds before each kill. */
const random = new Random('kills');
const script = fileURLToPath(new URL('./save-in-loop.js', import.meta.url));

let path: string;
beforeEach(() => {
  path = join(temporaryFolder(), 'run');
});

/** A process that saves checkpoints in a loop, and the words it says. */
class Trainer {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly words: string[] = [];
  errors = '';

  constructor() {
    this.process = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void this.process.kill('SIGKILL'));
    createInterface(this.process.stdout).on('line', (word) => this.words.push(word));
    this.process.stderr.on('data', (text) => {
      this.errors += text;
    });
  }

  async says(count: number): Promise<void> {
    while (this.words.length < count) {
      await Promise.race([once(this.process.stdout, 'data'), once(this.process, 'close')]);
      if (this.process.exitCode !== null) throw new Error(this.errors);
    }
  }

  async kill(): Promise<void> {
    const closed = once(this.process, 'close');
    this.process.kill('SIGKILL');
    await closed;
    expect(this.errors).toBe('');
  }

  /** The newest checkpoint that the process had reported as saved. */
  get acknowledged(): number {
    return Math.max(0, ...this.words.slice(1).map(Number));
  }
}

function expectWhole({ frames, tensors, state }: Checkpoint): void {
  expect(new Set(tensors.weights!.data as Float32Array)).toEqual(new Set([frames]));
  expect(state).toEqual({ frames, worlds: new Array(200).fill(frames) });
}

/** Opens the run as the next process would and checks everything in it. */
async function expectResumesFrom(acknowledged: number): Promise<void> {
  await settleLock(path);
  const { run, checkpoint } = resumeRun(path);
  const frames = checkpoint?.frames ?? 0;
  expect(frames).toBeGreaterThanOrEqual(acknowledged);
  expect(frames).toBeLessThanOrEqual(acknowledged + 1);
  if (checkpoint) expectWhole(checkpoint);
  if (frames >= 3) {
    const best = loadCheckpoint(run, 'best');
    expectWhole(best);
    expect(best.frames).toBe(frames - (frames % 3));
  }
  expect(readRunMetrics(run).map((record) => record.frames)).toEqual(
    Array.from({ length: frames }, (_, index) => index + 1),
  );
  run.close();
  const names = [...fs.readdirSync(path), ...fs.readdirSync(join(path, 'checkpoints'))];
  expect(names.filter((name) => name.startsWith('.tmp-'))).toEqual([]);
  expect(fs.readdirSync(join(path, 'checkpoints')).length).toBeLessThanOrEqual(3);
}

test('a run that is killed while saving holds a whole checkpoint, no older than the last one reported', async () => {
  for (let round = 0; round < 15; round += 1) {
    const trainer = new Trainer();
    await trainer.says(2 + (round % 4));
    await sleep(random.integer(0, 21));
    await trainer.kill();
    await expectResumesFrom(trainer.acknowledged);
  }
});

test('a run that is killed while being made can be made or resumed', async () => {
  for (let round = 0; round < 10; round += 1) {
    fs.rmSync(path, { recursive: true, force: true });
    const trainer = new Trainer();
    await trainer.says(1);
    await sleep(random.integer(0, 9));
    await trainer.kill();
    if (holdsRun(path)) await expectResumesFrom(trainer.acknowledged);
    else {
      await settleLock(path);
      createRun(path, {}).close();
    }
  }
});

test('while it is being trained, a run can be read but not trained by another process', async () => {
  const trainer = new Trainer();
  await trainer.says(2);
  const run = openRun(path);
  let frames = 0;
  for (let reading = 0; reading < 50; reading += 1) {
    const checkpoint = loadCheckpoint(run, 'last');
    expectWhole(checkpoint);
    expect(checkpoint.frames).toBeGreaterThanOrEqual(frames);
    frames = checkpoint.frames;
  }
  await settleLock(path);
  for (const intrude of [() => resumeRun(path), () => createRun(path, {}, { overwrite: true })]) {
    expect(intrude).toThrow(Failure);
    expect(intrude).toThrow(`is being trained by process ${trainer.process.pid}`);
  }
  await trainer.kill();
  await expectResumesFrom(Math.max(trainer.acknowledged, frames));
});
