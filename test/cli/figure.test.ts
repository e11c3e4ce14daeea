import fs from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockFolder } from '../../src/run/lock.ts';
import type { Result } from '../../src/study/result.ts';
import { type Ending, Program } from '../train/program.ts';
import { timegrid } from './timegrid.ts';

const home = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(home, { recursive: true }));
const file = join(home, 'tiny.json');
const folder = join(home, 'out');

const study = {
  title: 'Three tiny agents',
  frames: 9600,
  numbers: '3,4',
  episodes: 5,
  envOptions: { size: 3, pixels: 24, timeMin: 3, timeMax: 6 },
  set: {
    convolutions: [{ filters: 8, size: 4, stride: 4 }],
    ...{ dense: 16, lstm: 16, nacWidth: 4, worlds: 16, steps: 10 },
  },
  agents: {
    baseline: { agent: 'baseline', about: 'The plain one.' },
    clock: { agent: 'nac-clock' },
    other: { agent: 'nac', set: { nacWidth: 3 } },
  },
  further: [{ agents: ['clock'], numbers: '40', episodes: 2 }],
};
const declare = (change: object = {}): void =>
  fs.writeFileSync(file, JSON.stringify({ ...study, ...change }));
const figure = ['figure', file, '--folder', folder, '--jobs', '2'];
/** As a shell has it: a signal ends the program at once where an evaluation keeps it. */
const codeOf = ({ exitCode, signal }: Ending) => exitCode ?? 128 + constants.signals[signal!];
const resultOf = (run: string): Result =>
  JSON.parse(fs.readFileSync(join(folder, 'results', `${run}.json`), 'utf8'));
const written = (run: string): number =>
  fs.statSync(join(folder, 'results', `${run}.json`)).mtimeMs;

beforeAll(() => declare());

test('stopped, it keeps what is finished; the same command goes on and reports every run', async () => {
  const program = new Program(figure);
  await program.until(() => /finished, 1 of 3/.test(program.stderr));
  const stopped = await program.signal('SIGINT');
  const said = stopped.stderr.trim().split('\n');
  expect(said).toContain('saving what is trained; another Ctrl-C ends it at once');
  expect(said.at(-1)).toBe('what is finished is kept; the same command goes on');
  expect({ ...stopped, code: codeOf(stopped) }).toMatchObject({ code: 130, stdout: '' });
  const first = fs.readdirSync(join(folder, 'results'))[0]!.replace('.json', '');
  const before = written(first);

  const { stdout, stderr, exitCode } = await timegrid(figure);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^\d of 3 runs have their result already$/m);
  expect(written(first)).toBe(before);
  expect(fs.readdirSync(folder).sort()).toEqual([
    ...['learning.png', 'learning.svg', 'report.json', 'report.md', 'results', 'reward.png'],
    ...['reward.svg', 'runs', 'weights.png', 'weights.svg'],
  ]);
  expect(fs.readFileSync(join(folder, 'report.md'), 'utf8')).toBe(stdout);

  const clock = resultOf('clock-1');
  expect(clock.evaluation.rows.map(({ number, episodes }) => [number, episodes])).toEqual([
    [3, 5],
    [4, 5],
    [40, 2],
  ]);
  expect(clock.learning.at(-1)).toMatchObject({ frames: 9600 });
  const weights = clock.learning.at(-1)!.weights!;
  expect([weights.clock!.length, weights.nac!.length]).toEqual([1, 8]);
  for (const weight of [...weights.clock!, ...weights.nac!]) expect(weight).toBeOneOf([-1, 0, 1]);

  const report = JSON.parse(fs.readFileSync(join(folder, 'report.json'), 'utf8'));
  expect(report.runs.map(({ agent }: { agent: string }) => agent)).toEqual([
    ...['baseline', 'clock', 'other'],
  ]);
  const line = report.agents[1].lines[0];
  expect(line.number).toBe(3);
  expect(line.reward.mean).toBe(clock.evaluation.rows[0]!.meanReward);
  expect(report.agents[0].lines[0].improvement).toBeNull();
  expect(line.improvement).toBeOneOf([0, 0.5, 1]);
  expect(stdout).toContain('# Three tiny agents');
  expect(stdout).toContain('- **baseline**: The plain one.');
  expect(stdout).toContain('| clock, seed 1 |');
});

test('results stand for runs that are gone; what is of another training is refused', async () => {
  fs.rmSync(join(folder, 'runs'), { recursive: true });
  const again = await timegrid([...figure, '--json']);
  expect(again.exitCode).toBe(0);
  expect(again.stderr).toMatch(/^3 of 3 runs have their result already$/m);
  expect(JSON.parse(again.stdout).title).toBe('Three tiny agents');

  declare({ agents: { ...study.agents, other: { agent: 'nac', set: { nacWidth: 2 } } } });
  const refused = await timegrid(figure);
  const kept = join(folder, 'results', 'other-1.json');
  expect(refused).toMatchObject({
    stdout: '',
    stderr: `timegrid: ${kept} is of another training: nacWidth is 3 there and 2 in the study; move it away, or give another --folder\n`,
    exitCode: 2,
  });
  fs.rmSync(kept);
  const before = written('clock-1');
  const changed = await timegrid(figure);
  expect(changed.stderr).toMatch(/^2 of 3 runs have their result already$/m);
  expect(changed.exitCode).toBe(0);
  expect(resultOf('other-1').of.settings).toMatchObject({ config: { nacWidth: 2 } });
  expect(written('clock-1')).toBe(before);

  // A run that is there is held to it too, whether it is asked for more, or for less.
  declare();
  fs.rmSync(kept);
  const { stderr, exitCode } = await timegrid(figure);
  expect(stderr).toMatch(/runs\/other-1 is of another training: nacWidth is 2 there and 3 in/);
  expect(exitCode).toBe(2);
});

test('what is asked beside changes no other result', async () => {
  const before = written('baseline-1');
  fs.rmSync(join(folder, 'runs', 'other-1'), { recursive: true });
  declare({ further: [{ agents: ['clock'], numbers: '41', episodes: 2 }] });
  // Its run was deleted above: there would be nothing to evaluate.
  const gone = await timegrid(figure);
  expect(gone).toMatchObject({ stdout: '', exitCode: 2 });
  expect(gone.stderr).toMatch(
    /clock-1\.json is of other numbers or episodes than the study's, and/,
  );
  declare();
  fs.rmSync(join(folder, 'results', 'clock-1.json'));
  expect((await timegrid(figure)).exitCode).toBe(0);

  declare({ further: [{ agents: ['clock'], numbers: '41', episodes: 2 }] });
  const { stderr, exitCode } = await timegrid(figure);
  expect(stderr).toMatch(/^2 of 3 runs have their result already$/m);
  expect(stderr).toMatch(/^clock, seed 1: asked something else than before$/m);
  expect(exitCode).toBe(0);
  expect(written('baseline-1')).toBe(before);
  expect(resultOf('clock-1').evaluation.rows.map(({ number }) => number)).toEqual([3, 4, 41]);
});

test('a Ctrl-C gives up what is being evaluated, and the same command evaluates it', async () => {
  const long = { agents: { clock: study.agents.clock }, further: [] };
  declare({ ...long, numbers: '3..60', episodes: 100_000 });
  const program = new Program(figure);
  await program.until(() => program.stderr.includes('clock, seed 1: evaluating'));
  const stopped = await program.signal('SIGINT');
  expect({ ...stopped, code: codeOf(stopped) }).toMatchObject({ code: 130, stdout: '' });
  expect(stopped.stderr).not.toContain('finished,');
  expect(stopped.stderr).toMatch(/what is finished is kept; the same command goes on\n$/);
  declare({ ...long, numbers: '3', episodes: 5 });
  const { stderr, exitCode } = await timegrid(figure);
  expect(stderr).toMatch(/^clock, seed 1: finished, 1 of 1$/m);
  expect(exitCode).toBe(0);
});

test('two at once in one folder are one too many', async () => {
  const unlock = lockFolder(folder);
  try {
    const { stdout, stderr, exitCode } = await timegrid(figure);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toMatch(/^timegrid: \S+out is being trained by process \d+; wait until it ends/);
  } finally {
    unlock();
  }
});

test('a damaged result and a mistyped agent are each one sentence', async () => {
  declare();
  fs.writeFileSync(join(folder, 'results', 'baseline-1.json'), '{"agent"');
  const damaged = await timegrid(figure);
  expect(damaged.exitCode).toBe(1);
  expect(damaged.stderr).toMatch(
    /^timegrid: .*baseline-1\.json holds no result of a study: delete it, and the same command makes it anew$/m,
  );
  declare({ agents: { a: { agent: 'basline' } }, further: [] });
  const unknown = await timegrid(figure);
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toMatch(/^timegrid: .*agent "a".*did you mean "baseline"\?$/m);
});
