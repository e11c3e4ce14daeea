import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../run/temporary.ts';
import { declareFour } from '../study/tiny-study.ts';

const EXAMPLES = resolve('examples/many-machines');
const program = resolve('dist/src/cli/timegrid.js');
const hasParallel = spawnSync('parallel', ['--version']).status === 0;

let home: string;
beforeEach(() => {
  home = temporaryFolder();
  declareFour(home);
  install('timegrid', `exec '${process.execPath}' '${program}' "$@"`);
});

/** Puts a program into the folder of the study, as npm does. */
function install(name: string, script: string): void {
  const folder = join(home, 'node_modules', '.bin');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): SpawnSyncReturns<string> {
  const PATH = `${join(home, 'node_modules', '.bin')}:${process.env.PATH}`;
  return spawnSync(command, args, {
    ...{ cwd: home, encoding: 'utf8', env: { ...process.env, PATH, ...env } },
  });
}

const states = (folder: string): string[] => {
  const { stdout } = run('timegrid', ['study', 'study.json', '--folder', folder, '--list']);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('  ').at(-1)!);
};

const slurm = (task: number) => ({
  ...{ SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: String(task), SLURM_ARRAY_TASK_COUNT: '2' },
});

test('the tasks of the Slurm array do the study, and queue again only where they were stopped', () => {
  install('srun', 'exec "$@"');
  install('scontrol', 'echo "$@" >> scontrol.log');
  const script = join(EXAMPLES, 'slurm-array.sh');
  const first = run('bash', [script, 'study.json'], slurm(1));
  expect(first.status, first.stderr).toBe(0);
  expect(states('runs/study')).toEqual(['done', 'to do', 'done', 'to do']);
  install('srun', 'exit 143');
  expect(run('bash', [script, 'study.json'], slurm(2)).status).toBe(143);
  expect(fs.readFileSync(join(home, 'scontrol.log'), 'utf8')).toBe('requeue 7_2\n');
  install('srun', 'exec "$@"');
  const second = run('bash', [script, 'study.json'], slurm(2));
  expect(second.status, second.stderr).toBe(0);
  expect(fs.existsSync(join(home, 'runs/study/report.md'))).toBe(true);
  expect(run('bash', [script], slurm(1)).stderr).toMatch(/give the file that declares the study/);
});

test('a pod of the Kubernetes job does its part', () => {
  const { spec } = parse(fs.readFileSync(join(EXAMPLES, 'kubernetes-job.yaml'), 'utf8'));
  const [{ command, args }] = spec.template.spec.containers;
  const [shell, ...flags] = command;
  const pod = run(shell, [...flags, ...args], { JOB_COMPLETION_INDEX: '1' });
  expect(pod.status, pod.stderr).toBe(0);
  expect(states('out')).toEqual(['to do', 'done', 'to do', 'to do']);
});

test.skipIf(!hasParallel)('GNU parallel does the study', () => {
  const { status, stderr } = run('bash', [join(EXAMPLES, 'gnu-parallel.sh'), 'study.json']);
  expect(status, stderr).toBe(0);
  expect(states('runs/study')).toEqual(['done', 'done', 'done', 'done']);
  expect(fs.existsSync(join(home, 'runs/study/report.md'))).toBe(true);
});
