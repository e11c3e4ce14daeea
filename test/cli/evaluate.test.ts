import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type SavedRun, saveRun, TINY_GRID } from '../evaluate/saved-run.ts';
import { forge } from '../run/forge.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { refusal, timegrid } from './timegrid.ts';

function newRun(what: SavedRun = {}): string {
  const path = join(temporaryFolder(), 'nac-1');
  saveRun(path, what);
  return path;
}

/** A folder with two runs of one agent and one of another. */
function newRuns(): string {
  const folder = temporaryFolder();
  saveRun(join(folder, 'baseline-1'), { config: { pathway: 'baseline' } });
  saveRun(join(folder, 'nac-1'));
  saveRun(join(folder, 'nac-2'), { seed: 2 });
  return folder;
}

const small = ['--numbers', '2..4', '--episodes', '5', '--threads', '1'];

describe('timegrid evaluate', () => {
  test('prints a table of one run, and changes nothing in it', async () => {
    const run = newRun();
    const list = () => fs.readdirSync(run, { recursive: true }).sort();
    const before = list();
    const { stdout, stderr, exitCode } = await timegrid(['evaluate', run, ...small]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toMatch(/^ +│ nac$/m);
    for (const number of [2, 3, 4]) expect(stdout).toMatch(new RegExp(`^ ${number} • │ .*%$`, 'm'));
    expect(stdout).toContain('5 episodes for each t, greedy policy, maximum reward 10');
    expect(list()).toEqual(before);
  });

  test('takes the seeds of an agent together, and draws where it is told to', async () => {
    const runs = newRuns();
    const [svg, png] = ['a.svg', 'b.PNG'].map((name) => join(runs, name)) as [string, string];
    const args = ['evaluate', runs, ...small, '--figure', svg, '--figure', png];
    const { stdout, stderr, exitCode } = await timegrid(args);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toMatch(/│ baseline +│ nac · 2 seeds/);
    expect(fs.readFileSync(svg, 'utf8')).toMatch(/^<svg.*baseline.*<\/svg>\s*$/s);
    expect(fs.readFileSync(png).toString('latin1', 1, 4)).toBe('PNG');
    expect(fs.readdirSync(runs).sort()).toEqual(['a.svg', 'b.PNG', 'baseline-1', 'nac-1', 'nac-2']);
  });

  test('gives a program and a file the same numbers, and a document Markdown', async () => {
    const runs = newRuns();
    const file = join(runs, 'numbers.json');
    const { stdout } = await timegrid(['evaluate', runs, ...small, '--json', '--out', file]);
    const { summary, evaluations } = JSON.parse(stdout);
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toEqual({ summary, evaluations });
    expect(summary.agents.map(({ label }: { label: string }) => label)).toEqual([
      'baseline',
      'nac',
    ]);
    expect(evaluations).toHaveLength(3);
    expect(evaluations[1]).toMatchObject({ label: 'nac', seed: 1, policy: 'greedy' });
    expect(evaluations[1].rows).toMatchObject([2, 3, 4].map((number) => ({ number, episodes: 5 })));
    const markdown = await timegrid(['evaluate', runs, ...small, '--markdown']);
    expect(markdown.stdout).toMatch(/^\| t \| baseline: reward \|/);
  });

  test('says which training is not finished', async () => {
    const run = newRun({ frames: 10 });
    const { stderr, exitCode } = await timegrid(['evaluate', run, ...small]);
    expect({ stderr, exitCode }).toEqual({
      stderr: `note: ${run} has been trained for 10 of its 1000 frames\n`,
      exitCode: 0,
    });
  });
});

describe('a mistake costs one sentence and exit code 2', () => {
  const run = join('studies', 'trained', 'nac');
  const beyond = (number: number) =>
    `TimedGrid-v0: option "time" (time of this episode, within timeMin..timeMax or beyond) takes a whole number from 1 to 16777216, not ${number}`;
  test.each<[string[], string | RegExp]>([
    [
      ['--numbers', '9..5'],
      '--numbers takes whole numbers of at least 0, such as 5..30, 5..100:5 or 5,8,12; "9..5" runs backwards: did you mean "5..9"?',
    ],
    [['--numbers', '5..x'], /^--numbers takes .*; not "5..x"$/],
    [['--numbers', '0..5'], beyond(0)],
    [['--numbers', '20000000'], beyond(20_000_000)],
    [['--episodes', '0'], /^--episodes takes a whole number from 1 to 1000000.*not "0"$/],
    [['--policy', 'gredy'], '--policy takes greedy or sample, not "gredy"; did you mean "greedy"?'],
    [
      ['--engine', 'onx'],
      '--engine takes onnx, wasm, tensorflow or cpu, not "onx"; did you mean "onnx"?',
    ],
    [['--checkpoint', 'latest'], /^--checkpoint takes last, best or previous, not "latest"/],
    [['--checkpoint', 'previous'], /has no previous checkpoint; choose --checkpoint last or best$/],
    [['--threads', 'many'], /^--threads takes a whole number from 1 to 256, not "many"$/],
    [['--figure', 'a.jpg'], '--figure takes a file that ends in .svg or .png, not "a.jpg"'],
    [['--json', '--markdown'], 'give --markdown or --json, not both'],
  ])('%j', async (args, sentence) => {
    const said = await refusal(['evaluate', run, ...args]);
    if (typeof sentence === 'string') expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
  });

  test('a run that does not exist', async () => {
    const run = newRun();
    const mistyped = run.replace(/1$/, 'l');
    expect(await refusal(['evaluate', mistyped])).toBe(
      `there is no run at ${mistyped}; did you mean ${run}?`,
    );
    expect(await refusal(['evaluate'])).toMatch(/missing required argument 'run'/);
  });

  test('runs that cannot stand in one table', async () => {
    const runs = newRuns();
    saveRun(join(runs, 'other'), { envOptions: { ...TINY_GRID, maxReward: 3 } });
    expect(await refusal(['evaluate', runs])).toMatch(
      /baseline-1 can earn 10 at most and .*other 3: compare runs of worlds with the same maximum reward$/,
    );
  });

  test.each([
    [
      'TimedGrid-v0',
      'TimedGrid-v7',
      /^there is no world "TimedGrid-v7"; the versions of TimedGrid/,
    ],
    ['"instruction": 1', '"instruction": 2', /whose instruction was 2; it is 1 now: evaluate it/],
  ])('a run whose %s is now %s', async (from, to, sentence) => {
    const run = newRun();
    forge(run, (text) => text.replace(from, to));
    expect(await refusal(['evaluate', run])).toMatch(sentence);
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
    expect(await refusal(['evaluate', run], 1)).toContain(`${tensors} is damaged: its SHA-256`);
  });

  test('parameters of another network', async () => {
    const run = newRun();
    forge(run, (text) => text.replace('"lstm": 8', '"lstm": 9'));
    expect(await refusal(['evaluate', run], 1)).toContain(`${run} was made for another network`);
  });

  test.each([
    ['--out', 'missing/result.json', 'it, or a folder above it, does not exist'],
    ['--out', '.', 'it is a folder where a file is needed'],
    ['--figure', 'missing/a.svg', 'it, or a folder above it, does not exist'],
  ])('%s %s, before anything is played', async (option, name, why) => {
    const file = join(temporaryFolder(), name);
    const args = ['evaluate', newRun(), '--numbers', '1..10000', option, file];
    expect(await refusal(args, 1)).toMatch(new RegExp(`^cannot write ${file}.*: ${why}`));
  });
});
