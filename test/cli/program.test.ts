import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { commands } from '../../src/cli/commands.ts';
import { timegridProcess } from '../train/program.ts';
import { timegrid } from './timegrid.ts';

const names = Object.keys(commands);

describe('help', () => {
  test('without a command, the program says what there is and counts it as a mistake', async () => {
    const { stdout, stderr, exitCode } = await timegrid([]);
    const help = await timegrid(['--help']);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toBe(help.stdout);
  });

  test('of the program names every command', async () => {
    const { stdout, exitCode } = await timegrid(['--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatchSnapshot();
    for (const name of names) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  });

  test.each(names)('of %s has examples, and is the same by "help"', async (name) => {
    const { stdout, stderr, exitCode } = await timegrid([name, '--help']);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toMatchSnapshot();
    expect(stdout).toContain(`Examples:\n  # `);
    expect(stdout).toContain(`$ timegrid ${name}`);
    expect((await timegrid(['help', name])).stdout).toBe(stdout);
  });

  test('loads neither a world nor the learner', async () => {
    const { stderr } = await timegridProcess(['--help'], { NODE_DEBUG: 'esm' });
    expect(stderr).toContain('commander');
    expect(stderr).not.toMatch(/dist\/agent|timed-grid|onnxruntime|tensorflow|zod/);
  });
});

test('the version is that of the package', async () => {
  for (const flag of ['-v', '--version']) {
    expect(await timegrid([flag])).toEqual({
      stdout: `${packageJson.version}\n`,
      stderr: '',
      exitCode: 0,
    });
  }
});

describe('a mistake costs one sentence and exit code 2', () => {
  test.each([
    [['evns'], 'there is no command "evns"; did you mean "envs"?'],
    [['evns', '--help'], 'there is no command "evns"; did you mean "envs"?'],
    [['help', 'evns'], 'there is no command "evns"; did you mean "envs"?'],
    [['constructor'], /^there is no command "constructor"; the commands are .*envs/],
    [['--vers'], "unknown option '--vers' (Did you mean --version?)"],
    [['--loud'], "unknown option '--loud' (see timegrid --help)"],
    [['envs', '--jsn'], "unknown option '--jsn' (Did you mean --json?)"],
    [
      ['envs', 'a', 'b'],
      "too many arguments for 'envs'. Expected 1 argument but got 2 (see timegrid envs --help)",
    ],
  ] as const)('%j', async (args, sentence) => {
    const { stdout, stderr, exitCode } = await timegrid(args);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toMatch(/^timegrid: [^\n]+\n$/);
    const told = stderr.slice('timegrid: '.length, -1);
    if (typeof sentence === 'string') expect(told).toBe(sentence);
    else expect(told).toMatch(sentence);
  });
});

test('TIMEGRID_DEBUG shows where an error comes from', async () => {
  const { stderr } = await timegridProcess(['evns'], { TIMEGRID_DEBUG: '1' });
  expect(stderr).toMatch(/did you mean "envs"\?\n.*\n {4}at .*main\.js/s);
});

test('a reader who stops early is no error', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'timegrid-'));
  const closed = join(folder, 'closed');
  const writer = `{ until [ -e ${closed} ]; do :; done; "$@"; echo "exit code $?" >&2; }`;
  const { stderr } = await timegridProcess(
    ['envs'],
    {},
    `${writer} | { exec <&-; : > ${closed}; }`,
  );
  rmSync(folder, { recursive: true });
  expect(stderr).toBe('exit code 0\n');
});

test.runIf(process.platform === 'linux')('an output that is full is one sentence', async () => {
  const { stderr, exitCode } = await timegridProcess(['envs'], {}, 'exec "$@" > /dev/full');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^timegrid: cannot write to the standard output: the disk is full[^\n]*\n$/,
  );
});
