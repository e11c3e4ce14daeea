import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../env/random.ts';
import { settleLock } from '../../src/run/lock.ts';
import { resumeRun } from '../../src/run/training-run.ts';
import { timegrid } from '../cli/timegrid.ts';
import { evidence, savedFrames } from './evidence.ts';
import { Program } from './program.ts';
import { tinyAgent, tinyWorld, UPDATE } from './tiny.ts';

/** So many that a training is far from its end when it is killed, even by a test that has to wait for a core. */
const FRAMES = 120 * UPDATE;
const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

describe.each([
  { threads: 1, signal: 'SIGINT', exitCode: 130 },
  { threads: 2, signal: 'SIGTERM', exitCode: 143 },
] as const)('on $threads threads', ({ threads, signal, exitCode }) => {
  const training = [
    ...['train', '--threads', String(threads), '--frames', String(FRAMES)],
    ...['--checkpoint-every', String(2 * UPDATE)],
    ...tinyWorld,
    ...tinyAgent,
  ];
  const resume = (run: string) => (savedFrames(run) < 0 ? [] : ['--resume']);
  let uninterrupted: ReturnType<typeof evidence>;

  beforeAll(async () => {
    const run = join(folder, `whole-${threads}`);
    expect(await timegrid([...training, '--run', run])).toMatchObject({ exitCode: 0 });
    uninterrupted = evidence(run);
    expect(uninterrupted.last.frames).toBe(FRAMES);
    expect(uninterrupted.best.frames).toBeGreaterThan(0);
    expect(uninterrupted.metrics.map(({ frames }) => frames)).toEqual([6400, 12_800, 19_200]);
  }, 60_000);

  test('a training killed at random moments and resumed ends with the same bits', async () => {
    const run = join(folder, `killed-${threads}`);
    const random = new Random(`kills:${threads}`);
    // As soon as there is a run, then around three checkpoints, many of which are just being saved.
    for (const share of [0, 0.1, 0.2, 0.3]) {
      const program = new Program([...training, '--run', run, ...resume(run)]);
      await program.until(() => savedFrames(run) >= share * FRAMES);
      await sleep(random.integer(0, 30));
      const { signal, stderr } = await program.signal('SIGKILL');
      expect(signal).toBe('SIGKILL');
      expect(stderr).toMatch(/^(nac: .*\n)*$/);
      expect(savedFrames(run)).toBeLessThan(FRAMES);
    }
    expect(await timegrid([...training, '--run', run, '--resume'])).toMatchObject({ exitCode: 0 });
    expect(evidence(run)).toEqual(uninterrupted);
  });

  test(`stopped by ${signal}, it saves, says how to resume, and ends with the same bits`, async () => {
    const run = join(folder, `stopped-${threads}`);
    const program = new Program([...training, '--run', run]);
    await program.until(() => savedFrames(run) >= 0.1 * FRAMES);
    const ending = await program.signal(signal);
    expect(ending.exitCode).toBe(exitCode);
    expect(ending.stderr.trim().split('\n').at(-1)).toBe(
      `${run} is saved at frame ${savedFrames(run)}; resume it with: timegrid train --run ${run} --resume`,
    );
    expect(await timegrid(['train', '--run', run, '--resume'])).toMatchObject({ exitCode: 0 });
    expect(evidence(run)).toEqual(uninterrupted);
  });
});

test('resumed from an earlier checkpoint, it ends with the same bits', async () => {
  const run = join(folder, 'whole-1');
  const before = evidence(run);
  const again = await timegrid(['train', '--run', run, '--resume', 'previous']);
  expect(again).toMatchObject({ exitCode: 0 });
  expect(again.stderr).not.toContain('is trained already');
  expect(evidence(run)).toEqual(before);
  const best = before.best.frames;
  await timegrid(['train', '--run', run, '--resume', 'best', '--json']).then(({ stdout }) => {
    const frames = stdout.split('\n').flatMap((line) => (line ? [JSON.parse(line).frames] : []));
    expect(Math.min(...frames)).toBeGreaterThan(best);
  });
  expect(evidence(run)).toEqual(before);
});

/** A training with long updates. */
const slow = (run: string): string[] => [
  ...['train', '--run', run, '--threads', '2', '--frames', '1e7'],
  ...['--set', 'worlds=512', 'lstm=64', 'dense=64'],
];

test('a second Ctrl-C ends it at once, even within native code, and nothing is damaged', async () => {
  const run = join(folder, 'twice');
  const program = new Program([...slow(run), '--json']);
  await program.until(() => program.stdout.includes('progress'));
  program.process.kill('SIGINT');
  await program.until(() => program.stderr.includes('press Ctrl-C again to end at once'));
  const ending = await program.signal('SIGINT');
  expect(ending).toMatchObject({ signal: 'SIGINT' });
  expect(ending.stderr).not.toMatch(/terminate|Error|saved/);
  expect(savedFrames(run)).toBe(0);
  await settleLock(run);
  expect(resumeRun(run).checkpoint).toBeUndefined();
});

test('when the reader of its output has gone, it saves and ends silently', async () => {
  const run = join(folder, 'unread');
  const args = ['train', '--run', run, '--json', '--threads', '1', '--frames', '1e7'];
  const shell = '{ "$@"; echo "ended with $?" >&2; } | head -n 1';
  const program = new Program([...args, ...tinyWorld, ...tinyAgent], {}, shell);
  const { stdout, stderr } = await program.ended;
  expect(JSON.parse(stdout)).toMatchObject({ event: 'progress', frames: 6400 });
  expect(stderr).toBe('ended with 143\n');
  expect(savedFrames(run)).toBeGreaterThanOrEqual(6400);
});
