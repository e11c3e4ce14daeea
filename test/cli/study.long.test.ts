import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { settleLock } from '../../src/run/lock.ts';
import { resumeRun } from '../../src/run/training-run.ts';
import { evidence, savedFrames } from '../train/evidence.ts';
import { Program } from '../train/program.ts';
import { tinyAgent, tinyWorld } from '../train/tiny.ts';
import { Running, timegrid } from './timegrid.ts';

// Long enough that no training ends before it can be stopped.
const FRAMES = 96_000;
const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const study = (path: string, frames: number, ...options: string[]): string[] => [
  ...['study', '--folder', path, '--jobs', '2', '--frames', String(frames)],
  ...(options.length > 0 ? options : ['--numbers', '3,4', '--episodes', '5']),
  ...tinyWorld,
  ...tinyAgent,
];
const runsOf = (path: string) => ['baseline-1', 'nac-1'].map((name) => join(path, 'runs', name));
const areUnderWay = (path: string) => () =>
  runsOf(path).every(
    (run) =>
      fs.existsSync(run) &&
      fs.existsSync(join(run, 'metrics.jsonl')) &&
      fs.statSync(join(run, 'metrics.jsonl')).size > 0,
  );
/** The process that trains a run. */
const trainerOf = (run: string): number =>
  JSON.parse(fs.readFileSync(join(run, 'lock', 'owner.json'), 'utf8')).pid;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('stopped, it saves every training, and the same command resumes it to the same end', async () => {
  const path = join(folder, 'stopped');
  const runs = runsOf(path);
  const running = new Running(study(path, FRAMES));
  await running.until(areUnderWay(path));
  const trainers = runs.map(trainerOf);
  const stopped = await running.signal('SIGINT');
  expect(stopped).toMatchObject({ exitCode: 130, stdout: '' });
  const said = stopped.stderr.trim().split('\n');
  expect(said).toContain('saving the trainings; press Ctrl-C again to end at once');
  expect(said.at(-1)).toBe('everything is saved; run the same command again to resume');
  expect(trainers.filter(isAlive)).toEqual([]);
  for (const run of runs) {
    expect(savedFrames(run)).toBeGreaterThanOrEqual(6400);
    expect(savedFrames(run)).toBeLessThan(FRAMES);
  }
  const ended = await timegrid(study(path, FRAMES));
  expect(ended.exitCode, ended.stderr).toBe(0);
  const alone = join(folder, 'alone');
  const options = ['--agent', 'nac', '--threads', '1', '--frames', String(FRAMES)];
  await timegrid(['train', '--run', alone, ...options, ...tinyWorld, ...tinyAgent]);
  expect(evidence(runs[1]!)).toEqual(evidence(alone));
});

test('a Ctrl-C abandons an evaluation, and the same command evaluates again', async () => {
  const path = join(folder, 'evaluating');
  const program = new Program(study(path, 3200, '--numbers', '3..60', '--episodes', '100000'));
  await program.until(() => program.stderr.includes('trained, evaluating'));
  const { stdout, stderr, exitCode, signal } = await program.signal('SIGINT');
  // The program ends at once, by the signal, while a thread still plays.
  expect(exitCode === 130 || signal === 'SIGINT').toBe(true);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/everything is saved; run the same command again to resume\n$/);
  const again = await timegrid(study(path, 3200, '--numbers', '3', '--episodes', '5'));
  expect(again.stderr).toMatch(/finished, 2 of 2/);
  expect(again.exitCode).toBe(0);
});

test('killed outright, it leaves no training behind', async () => {
  const path = join(folder, 'killed');
  const program = new Program(study(path, 1e7));
  await program.until(areUnderWay(path));
  const trainers = runsOf(path).map(trainerOf);
  expect(trainers.every(isAlive)).toBe(true);
  await program.signal('SIGKILL');
  // Each notices that its channel is closed, saves its training and ends.
  while (trainers.some(isAlive)) await sleep(20);
  for (const run of runsOf(path)) {
    await settleLock(run);
    const resumed = resumeRun(run);
    expect(resumed.checkpoint?.frames).toBeGreaterThanOrEqual(6400);
    resumed.run.close();
  }
});
