import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type SavedRun, saveRun } from '../evaluate/saved-run.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { timegrid } from './timegrid.ts';

function newRun(what: SavedRun = {}): string {
  const path = join(temporaryFolder(), 'nac-1');
  saveRun(path, what);
  return path;
}

const small = ['--numbers', '2..4', '--episodes', '5'];

describe('timegrid evaluate', () => {
  test('prints a table, and nothing else where no terminal is', async () => {
    const { stdout, stderr, exitCode } = await timegrid(['evaluate', newRun(), ...small]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toMatch(/^ +│ nac$/m);
    for (const time of [2, 3, 4]) expect(stdout).toMatch(new RegExp(`^ ${time} • │ .*%$`, 'm'));
    expect(stdout).toContain('5 episodes for each t, greedy policy, maximum reward 10');
  });

  test('gives a program and a file the same', async () => {
    const run = newRun();
    const file = join(temporaryFolder(), 'result.json');
    const args = ['evaluate', run, ...small, '--policy', 'sample', '--json', '--out', file];
    const { stdout, exitCode } = await timegrid(args);
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout);
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toEqual(result);
    expect(result).toMatchObject({ run, label: 'nac', seed: 1, policy: 'sample', maxReward: 10 });
    expect(
      result.rows.map(({ number, episodes }: { number: number; episodes: number }) => [
        number,
        episodes,
      ]),
    ).toEqual([
      [2, 5],
      [3, 5],
      [4, 5],
    ]);
    const again = await timegrid([...args, '--threads', '1']);
    expect(again.stdout).toBe(stdout);
  });

  test('changes nothing in the run', async () => {
    const run = newRun();
    const list = () => fs.readdirSync(run, { recursive: true }).sort();
    const before = list();
    await timegrid(['evaluate', run, ...small]);
    expect(list()).toEqual(before);
  });
});

/** Runs and expects one sentence. */
async function refused(args: readonly string[], exitCode: number): Promise<string> {
  const outcome = await timegrid(args);
  expect(outcome).toMatchObject({ stdout: '', exitCode });
  expect(outcome.stderr).toMatch(/^timegrid: [^\n]+\n$/);
  return outcome.stderr.slice('timegrid: '.length, -1);
}

describe('a mistake costs one sentence and exit code 2', () => {
  test.each([
    [
      ['--numbers', '9..5'],
      '--numbers takes whole numbers of at least 0, such as 5..30, 5..100:5 or 5,8,12; "9..5" runs backwards: did you mean "5..9"?',
    ],
    [['--numbers', '5..x'], /^--numbers takes .*; not "5..x"$/],
    [
      ['--numbers', '0..5'],
      'TimedGrid-v0: option "time" (the time of this episode, within timeMin..timeMax or beyond) takes a whole number from 1 to 16777216, not 0',
    ],
    [['--episodes', '0'], /^--episodes takes a whole number from 1 to 1000000.*not "0"$/],
    [['--policy', 'gredy'], '--policy takes greedy or sample, not "gredy"; did you mean "greedy"?'],
    [
      ['--engine', 'onx'],
      '--engine takes onnx, wasm, tensorflow or cpu, not "onx"; did you mean "onnx"?',
    ],
    [['--checkpoint', 'latest'], /^--checkpoint takes last, best or previous, not "latest"/],
    [['--threads', 'many'], /^--threads takes a whole number from 1 to 256, not "many"$/],
    [
      ['--numbers', '20000000'],
      'TimedGrid-v0: option "time" (the time of this episode, within timeMin..timeMax or beyond) takes a whole number from 1 to 16777216, not 20000000',
    ],
    [['--checkpoint', 'previous'], /has no previous checkpoint; choose --checkpoint last or best$/],
  ] as const)('%j', async (args, sentence) => {
    const told = await refused(['evaluate', newRun(), ...args], 2);
    if (typeof sentence === 'string') expect(told).toBe(sentence);
    else expect(told).toMatch(sentence);
  });

  test('a run that is not there', async () => {
    const run = newRun();
    const mistyped = run.replace(/1$/, 'l');
    expect(await refused(['evaluate', mistyped], 2)).toBe(
      `there is no run at ${mistyped}; did you mean ${run}?`,
    );
    expect(await refused(['evaluate'], 2)).toMatch(/missing required argument 'run'/);
  });

  test('a run of a world that there is no more', async () => {
    const run = newRun();
    edit(join(run, 'run.json'), 'TimedGrid-v0', 'TimedGrid-v7');
    expect(await refused(['evaluate', run], 2)).toBe(
      'there is no world "TimedGrid-v7"; the versions of TimedGrid are TimedGrid-v0',
    );
  });

  test('a run of a world that told more', async () => {
    const run = newRun();
    edit(join(run, 'run.json'), '"instruction": 1', '"instruction": 2');
    expect(await refused(['evaluate', run], 2)).toBe(
      `${run} was trained in a TimedGrid-v0 whose instruction was 2; it is 1 now: evaluate it with the version of the world that it was trained in`,
    );
  });
});

describe('what stops it costs one sentence and exit code 1', () => {
  test('a damaged checkpoint', async () => {
    const run = newRun();
    const [name] = fs.readdirSync(join(run, 'checkpoints'));
    const tensors = join(run, 'checkpoints', name!, 'tensors.safetensors');
    const bytes = fs.readFileSync(tensors);
    bytes[bytes.length - 1]! ^= 1;
    fs.writeFileSync(tensors, bytes);
    expect(await refused(['evaluate', run], 1)).toContain(`${tensors} is damaged: its SHA-256`);
  });

  test('parameters of another network', async () => {
    const run = newRun();
    edit(join(run, 'run.json'), '"lstm": 8', '"lstm": 9');
    expect(await refused(['evaluate', run], 1)).toContain(`${run} was made for another network`);
  });

  test.each([
    ['in a folder that is not there', 'missing/result.json', 'it does not exist'],
    ['that is a folder', '.', 'it is a folder where a file is needed'],
  ])('a result %s, before anything is played', async (_, file, why) => {
    const out = join(temporaryFolder(), file);
    const told = await refused(['evaluate', newRun(), '--numbers', '1..10000', '--out', out], 1);
    expect(told).toMatch(new RegExp(`^cannot write ${out}.*: ${why}`));
  });
});

function edit(path: string, from: string, to: string): void {
  const text = fs.readFileSync(path, 'utf8');
  expect(text).toContain(from);
  fs.writeFileSync(path, text.replace(from, to));
}
