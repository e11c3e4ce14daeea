import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { resumeRun } from '../../src/run/training-run.ts';
import { evidence, savedFrames } from '../train/evidence.ts';
import { Program } from '../train/program.ts';
import { tinyAgent, tinyWorld } from '../train/tiny.ts';
import { timegrid } from './timegrid.ts';

// Long enough that no training ends before it can be stopped.
const FRAMES = 96_000;
const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const study = (path: string, frames: number): string[] => [
  ...['study', '--folder', path, '--jobs', '2', '--frames', String(frames)],
  ...['--numbers', '3,4', '--episodes', '5'],
  ...tinyWorld,
  ...tinyAgent,
];
const runsOf = (path: string) => ['baseline-1', 'nac-1'].map((name) => join(path, name));

/** Waits until both agents have said how far they are. */
const underWay = (program: Program) =>
  program.until(() => /^baseline: /m.test(program.stderr) && /^nac: /m.test(program.stderr));

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

test('stopped, it saves every training, and the same command goes on to the same end', async () => {
  const path = join(folder, 'stopped');
  const runs = runsOf(path);
  const program = new Program(study(path, FRAMES));
  await underWay(program);
  const trainers = runs.map(trainerOf);
  const stopped = await program.signal('SIGINT');
  expect(stopped).toMatchObject({ exitCode: 130, stdout: '' });
  expect(stopped.stderr.trim().split('\n').at(-1)).toBe(
    'every training is saved; the same command goes on',
  );
  expect(trainers.filter(isAlive)).toEqual([]);
  for (const run of runs) {
    expect(savedFrames(run)).toBeGreaterThanOrEqual(6400);
    expect(savedFrames(run)).toBeLessThan(FRAMES);
  }

  const other = await timegrid(study(path, 2 * FRAMES));
  expect(other.stderr).toMatch(
    new RegExp(
      `^timegrid: .*-1 was started with --frames ${FRAMES}, not ${2 * FRAMES}, and can`,
      'm',
    ),
  );
  expect(other.exitCode).toBe(2);

  const ended = await timegrid(study(path, FRAMES));
  expect(ended.exitCode).toBe(0);
  expect(ended.stdout).toMatch(/baseline[\s\S]*nac/);
  expect(fs.readdirSync(path).sort()).toEqual([
    'baseline-1',
    'comparison.json',
    'comparison.md',
    'comparison.png',
    'comparison.svg',
    'nac-1',
  ]);
  const alone = join(folder, 'alone');
  const options = ['--agent', 'nac', '--threads', '1', '--frames', String(FRAMES)];
  await timegrid(['train', '--run', alone, ...options, ...tinyWorld, ...tinyAgent]);
  expect(evidence(runs[1]!)).toEqual(evidence(alone));
});

test('killed outright, it leaves no training behind', async () => {
  const path = join(folder, 'killed');
  const program = new Program(study(path, 1e7));
  await underWay(program);
  const trainers = runsOf(path).map(trainerOf);
  expect(trainers.every(isAlive)).toBe(true);
  await program.signal('SIGKILL');
  // They end by themselves once nobody reads what they say, and save themselves before.
  while (trainers.some(isAlive)) await sleep(20);
  for (const run of runsOf(path)) {
    const resumed = resumeRun(run);
    expect(resumed.checkpoint?.frames).toBeGreaterThanOrEqual(6400);
    resumed.run.close();
  }
});
