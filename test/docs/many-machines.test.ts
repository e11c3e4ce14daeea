import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runName } from '../../src/study/choose-runs.ts';
import { planStudy } from '../../src/study/plan-study.ts';
import { timegrid } from '../cli/timegrid.ts';

const EXAMPLES = 'examples/many-machines';
const read = (path: string): string => fs.readFileSync(path, 'utf8');
const page = read('docs/many-machines.md');
const files = fs.readdirSync(EXAMPLES);
const scripts = files.filter((file) => file.endsWith('.sh'));

test('the page names every file to copy', () => {
  const linked = [...page.matchAll(/\]\(\.\.\/examples\/many-machines\/([\w.-]+)\)/g)];
  expect(linked.map(([, file]) => file!).sort()).toEqual([...files].sort());
});

test('the sweep of the page is what the page says', async () => {
  const { agents, runs } = await planStudy(JSON.parse(/```json\n([\s\S]*?)```/.exec(page)![1]!), {
    folder: 'out',
  });
  expect(agents).toHaveLength(5);
  expect(runs).toHaveLength(25);
  const names = agents.map(({ name }) => name);
  expect(names.slice(0, 2)).toEqual(['baseline', 'nac, learningRate 0.0003, nacWidth 8']);
  const named = [...page.matchAll(/nac, learningRate [\d.]+, nacWidth \d+/g)];
  for (const [name] of named) expect(names).toContain(name);
});

test.each(scripts)('%s is sound Bash, and can be executed', (script) => {
  execFileSync('bash', ['-n', join(EXAMPLES, script)]);
  expect(fs.statSync(join(EXAMPLES, script)).mode & 0o111).toBe(0o111);
});

test('the job of Kubernetes gives each index its part, and each part an index', () => {
  const { apiVersion, kind, spec } = parse(read(join(EXAMPLES, 'kubernetes-job.yaml')));
  expect([apiVersion, kind, spec.completionMode]).toEqual(['batch/v1', 'Job', 'Indexed']);
  const { containers, volumes, restartPolicy } = spec.template.spec;
  expect(restartPolicy).toBe('Never');
  const [{ command, args, volumeMounts, workingDir }] = containers;
  expect(volumeMounts).toEqual([{ name: volumes[0].name, mountPath: workingDir }]);
  const parts = Array.from({ length: spec.completions }, (_, index) => {
    const [shell, ...flags] = command;
    const printing = args[0].replace('exec timegrid', 'printf "%s\\n"');
    const env = { ...process.env, JOB_COMPLETION_INDEX: String(index) };
    const words = execFileSync(shell, [...flags, printing], { env, encoding: 'utf8' });
    return runName(words.trimEnd().split('\n').at(-1)!);
  });
  expect(parts).toEqual(
    Array.from({ length: spec.completions }, (_, i) => `${i + 1}/${spec.completions}`),
  );
});

describe('commands of timegrid', () => {
  const texts = [page, ...files.map((file) => read(join(EXAMPLES, file)).replace(/\\\n/g, ''))];
  const found = texts
    .flatMap((text) => [...text.matchAll(/timegrid (study|worker)\b([^\n`|]*)/g)])
    .map(([, command, rest]) => ({ command: command!, options: rest!.match(/--[a-z-]+/g) ?? [] }));

  test.each(['study', 'worker'])('use options that %s has', async (name) => {
    const { stdout } = await timegrid([name, '--help']);
    const used = found.filter(({ command }) => command === name);
    expect(used.length).toBeGreaterThan(0);
    for (const option of used.flatMap(({ options }) => options)) {
      expect(stdout).toMatch(new RegExp(`^ +${option}\\b`, 'm'));
    }
  });
});
