import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { saveRun, TINY_GRID } from '../evaluate/saved-run.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { timegrid } from './timegrid.ts';

const small = ['--numbers', '2..4', '--episodes', '5'];

/** A folder with two runs of one agent and one of another. */
function newRuns(): string {
  const folder = temporaryFolder();
  saveRun(join(folder, 'baseline-1'), { config: { pathway: 'baseline' } });
  saveRun(join(folder, 'nac-1'));
  saveRun(join(folder, 'nac-2'), { seed: 2 });
  return folder;
}

describe('timegrid compare', () => {
  test('prints the table and draws the figure where it is told to', async () => {
    const runs = newRuns();
    const [svg, png] = ['a.svg', 'b.PNG'].map((name) => join(runs, name)) as [string, string];
    const args = ['compare', runs, ...small, '--figure', svg, '--figure', png];
    const { stdout, stderr, exitCode } = await timegrid(args);
    expect({ stderr, exitCode }).toEqual({
      stderr: `the figure is in ${svg} and ${png}\n`,
      exitCode: 0,
    });
    expect(stdout).toMatch(/│ baseline +│ nac · 2 seeds/);
    expect(stdout).toMatch(/^ 3 • │/m);
    expect(fs.readFileSync(svg, 'utf8')).toMatch(/^<svg.*baseline.*<\/svg>\s*$/s);
    expect(fs.readFileSync(png).subarray(0, 8)).toEqual(
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    );
    expect(fs.readdirSync(runs).sort()).toEqual(['a.svg', 'b.PNG', 'baseline-1', 'nac-1', 'nac-2']);
  });

  test('draws into the present folder where it is not told where, and replaces what was there', async () => {
    const runs = newRuns();
    fs.writeFileSync(join(runs, 'comparison.svg'), 'old');
    const program = fileURLToPath(new URL('../../dist/src/cli/timegrid.js', import.meta.url));
    const args = [program, 'compare', 'nac-1', 'nac-2', ...small];
    const child = spawn(process.execPath, args, { cwd: runs, stdio: 'ignore' });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(fs.readFileSync(join(runs, 'comparison.svg'), 'utf8')).toMatch(/^<svg/);
    expect(fs.statSync(join(runs, 'comparison.png')).size).toBeGreaterThan(1000);
  });

  test('prints Markdown or JSON instead', async () => {
    const runs = newRuns();
    const markdown = await timegrid(['compare', runs, ...small, '--no-figure', '--markdown']);
    expect(markdown.stderr).toBe('');
    expect(markdown.stdout).toMatch(/^\| t \| baseline: reward \|/);
    const json = await timegrid(['compare', runs, ...small, '--no-figure', '--json']);
    const { summary, evaluations } = JSON.parse(json.stdout);
    expect(evaluations).toHaveLength(3);
    expect(summary.agents.map(({ label }: { label: string }) => label)).toEqual([
      'baseline',
      'nac',
    ]);
    expect(fs.readdirSync(runs)).toHaveLength(3);
  });

  test('says which training is not over', async () => {
    const run = join(temporaryFolder(), 'run');
    saveRun(run, { frames: 10 });
    const { stderr, exitCode } = await timegrid(['compare', run, ...small, '--no-figure']);
    expect({ stderr, exitCode }).toEqual({
      stderr: `note: ${run} has been trained for 10 of its 1000 frames\n`,
      exitCode: 0,
    });
  });
});

describe('a mistake costs one sentence', () => {
  test.each([
    [
      ['--figure', 'figure.jpg'],
      2,
      '--figure takes a file that ends in .svg or .png, not "figure.jpg"',
    ],
    [
      ['--figure', '/missing/figure.svg'],
      1,
      /^cannot write \/missing\/figure\.svg: it does not exist;/,
    ],
    [['--json', '--markdown'], 2, 'give --markdown or --json, not both'],
    [['--numbers', '9..5'], 2, /"9..5" runs backwards/],
    [['missing'], 2, /^there is no run at missing; make one with timegrid train --run missing$/],
  ] as const)('%j', async (args, exitCode, sentence) => {
    const outcome = await timegrid(['compare', newRuns(), '--no-figure', ...args]);
    expect(outcome).toMatchObject({ stdout: '', exitCode });
    expect(outcome.stderr).toMatch(/^timegrid: [^\n]+\n$/);
    const told = outcome.stderr.slice('timegrid: '.length, -1);
    if (typeof sentence === 'string') expect(told).toBe(sentence);
    else expect(told).toMatch(sentence);
  });

  test('runs that cannot stand in one table', async () => {
    const runs = newRuns();
    saveRun(join(runs, 'other'), { envOptions: { ...TINY_GRID, maxReward: 3 } });
    const { stderr, exitCode } = await timegrid(['compare', runs, '--no-figure']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^timegrid: .*baseline-1 can earn 10 at most and .*other 3: compare runs of worlds with the same maximum reward\n$/,
    );
  });
});
