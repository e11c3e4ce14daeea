import { spawnSync } from 'node:child_process';
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
  { threads: 1, signals: { SIGINT: 130, SIGHUP: 129 } },
  { threads: 2, signals: { SIGTERM: 143 } },
] as const)('on $threads threads', ({ threads, signals }) => {
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

  test.each(Object.entries(signals) as [NodeJS.Signals, number][])(
    'stopped by %s, it saves, says how to resume, and ends with the same bits',
    async (signal, exitCode) => {
      const run = join(folder, `${signal}-${threads}`);
      const program = new Program([...training, '--run', run]);
      await program.until(() => savedFrames(run) >= 0.1 * FRAMES);
      const ending = await program.signal(signal);
      expect(ending.exitCode).toBe(exitCode);
      expect(ending.stderr.trim().split('\n').at(-1)).toBe(
        `${run} is saved at frame ${savedFrames(run)}; resume it with: timegrid train --run ${run} --resume`,
      );
      expect(await timegrid(['train', '--run', run, '--resume'])).toMatchObject({ exitCode: 0 });
      expect(evidence(run)).toEqual(uninterrupted);
    },
  );
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

test('when its terminal is closed, it saves', async (context) => {
  const run = join(folder, 'hung-up');
  const args = ['train', '--run', run, '--threads', '1', '--frames', '1e7'];
  // `script` runs a command in a terminal of its own; \r is an answer to nothing.
  const shell = 'exec script --quiet --flush --command "$(printf "%q " "$@")" /dev/null';
  context.skip(spawnSync('script', ['--version']).status !== 0, 'there is no script(1)');
  const terminal = new Program([...args, ...tinyWorld, ...tinyAgent], {}, shell, 'bash');
  await terminal.until(() => fs.existsSync(join(run, 'lock')) && /\d %/.test(terminal.stdout));
  terminal.process.kill('SIGKILL');
  await terminal.ended;
  // The training outlives its terminal, until it has saved.
  while (fs.existsSync(join(run, 'lock'))) await sleep(20);
  expect(savedFrames(run)).toBeGreaterThan(0);
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
