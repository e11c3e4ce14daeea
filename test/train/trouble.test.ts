import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brokenTensors, savedFrames } from './evidence.ts';
import { type Ending, timegridProcess } from './program.ts';
import { tinyAgent, tinyWorld, UPDATE } from './tiny.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Twelve updates on a thread, with a checkpoint after each. */
const train = (run: string, ...options: string[]): string[] => [
  ...['train', '--run', run, '--threads', '1', '--frames', String(12 * UPDATE)],
  ...['--checkpoint-every', String(UPDATE)],
  ...tinyWorld,
  ...tinyAgent,
  ...options,
];
const resume = (run: string): string[] => ['train', '--run', run, '--resume'];

/** The one sentence that a failed training says. */
function failure({ exitCode, stderr }: Ending): string {
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
  const [sentence, ...more] = stderr.split('\n').filter((line) => !line.startsWith('nac: '));
  expect(more).toEqual(['']);
  return sentence!;
}

/** Makes `TroubledGrid-v0` known to the compiled program, and says what becomes of it. */
const grid = (TROUBLE: string) => ({
  NODE_OPTIONS: `--import=${new URL('./worlds.js', import.meta.url)}`,
  TROUBLE,
});

describe('a training whose world threw', () => {
  const run = join(folder, 'throws');
  let ending: Ending;
  beforeAll(async () => {
    ending = await timegridProcess(
      train(run, '--env', 'TroubledGrid-v0', '--threads', '2'),
      grid('throw'),
    );
  }, 60_000);

  test('has ended with a sentence that names the world and what it said', () => {
    expect(failure(ending)).toMatch(
      new RegExp(
        `^timegrid: the training in ${run} has stopped: TroubledGrid-v0 failed at step \\d+ of an episode \\(world [08] of 16\\): the floor gave way; its checkpoint at frame ${5 * UPDATE} is kept$`,
      ),
    );
  });

  test('is refused where its world is unknown', async () => {
    const { exitCode, stderr } = await timegridProcess(resume(run));
    expect(stderr).toMatch(/^timegrid: there is no world "TroubledGrid-v0"; .*\n$/);
    expect(exitCode).toBe(2);
  });

  test('beyond the limit of a file’s size is a sentence too, and loses nothing', async () => {
    const limited = timegridProcess(resume(run), grid('none'), 'ulimit -f 64; exec "$@"');
    expect(failure(await limited)).toMatch(
      /^timegrid: cannot save the checkpoint .*: the file would grow beyond/,
    );
    expect(savedFrames(run)).toBe(5 * UPDATE);
  });

  test('goes on once its world is mended', async () => {
    expect(await timegridProcess(resume(run), grid('none'))).toMatchObject({ exitCode: 0 });
    expect(savedFrames(run)).toBe(12 * UPDATE);
  });
});

describe('a training whose world', () => {
  const place = 'TroubledGrid-v0 failed at step \\d+ of an episode \\(world 0 of 16\\)';
  test.each([
    ['nan', `${place}: the reward is NaN \\(rule reward-finite: .*\\)`],
    ['promise', `${place}: step returned a promise \\(rule answers-at-once: .*\\)`],
    ['late', 'TroubledGrid-v0 threw outside of any call: the floor gave way later'],
    ['exit', 'TroubledGrid-v0 ended its thread with exit code 0; look for process.exit'],
  ])('does this: %s, has ended with its checkpoint kept', async (trouble, sentence) => {
    const run = join(folder, trouble);
    const ending = await timegridProcess(train(run, '--env', 'TroubledGrid-v0'), grid(trouble));
    expect(failure(ending)).toMatch(
      new RegExp(
        `^timegrid: the training in ${run} has stopped: ${sentence}; its checkpoint at frame ${5 * UPDATE} is kept$`,
      ),
    );
    expect(savedFrames(run)).toBe(5 * UPDATE);
    expect(brokenTensors(run)).toEqual([]);
  });

  test('cannot be closed is trained all the same', async () => {
    const run = join(folder, 'close');
    const ending = await timegridProcess(train(run, '--env', 'TroubledGrid-v0'), grid('close'));
    expect(ending).toMatchObject({ exitCode: 0 });
    expect(savedFrames(run)).toBe(12 * UPDATE);
  });
});

describe('a loss that is no number', () => {
  test('at once leaves a run without a checkpoint', async () => {
    const run = join(folder, 'overflow');
    const ending = await timegridProcess(train(run, '--set', 'rewardScale=1e38'));
    expect(failure(ending)).toMatch(
      /has stopped: the loss \(.*\) is no longer a finite number at update 1 \(frame 0\): .*; it had no checkpoint yet$/,
    );
    expect(savedFrames(run)).toBe(0);
  });
});

test('a parameter that is no number gets into no checkpoint', async () => {
  const run = join(folder, 'infinite');
  const ending = await timegridProcess(train(run, '--set', 'learningRate=1e300'));
  expect(failure(ending)).toMatch(
    /has stopped: a parameter \(-?Infinity\) is no longer a finite number at update 1 \(frame 160\): .*; it had no checkpoint yet$/,
  );
  expect(savedFrames(run)).toBe(0);
});

test('a disk that is full in mid-training is a sentence; on another, the training goes on', async (context) => {
  const alone = ['unshare', '--user', '--map-root-user', '--mount'];
  const mount = [...alone.slice(1), 'mount', '-t', 'tmpfs', 'none', folder];
  context.skip(spawnSync(alone[0]!, mount).status !== 0, 'this system mounts no file system');
  const small = join(folder, 'small');
  const run = join(folder, 'copied');
  fs.mkdirSync(small);
  // The small disk vanishes with its process, so what is on it is copied.
  const shell = `exec ${alone.join(' ')} sh -c '
    mount -t tmpfs -o size=300k none "${small}"
    "$@"; code=$?
    cp -r "${small}/run" "${run}"; exit $code' sh "$@"`;
  const ending = await timegridProcess(train(join(small, 'run')), {}, shell);
  expect(failure(ending)).toMatch(
    /^timegrid: cannot save the checkpoint .*: the disk is full; free some/,
  );
  expect(savedFrames(run)).toBeGreaterThan(0);
  expect(await timegridProcess(resume(run))).toMatchObject({ exitCode: 0 });
  expect(savedFrames(run)).toBe(12 * UPDATE);
});
