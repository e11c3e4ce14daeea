import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { refusal, timegrid } from './timegrid.ts';

const SMALL = ['--set', 'nets=none,nac', 'iterations=30', 'batch=8', '--seeds', '1..3'];

test('a task is trained, measured and reported; what is finished is not done again', async () => {
  const folder = temporaryFolder();
  const command = ['numeracy', 'identity', ...SMALL, '--folder', folder];
  const first = await timegrid(command);
  expect(first.exitCode).toBe(0);
  expect(first.stdout).toMatch(/^Reproduce a number\n/);
  const report = fs.readFileSync(join(folder, 'report.md'), 'utf8');
  expect(report).toContain('| none |');
  expect(report).toContain('`seeds` 1..3');
  const files = ['identity.png', 'identity.svg', 'report.json', 'report.md', 'results', 'runs'];
  expect(fs.readdirSync(folder).sort()).toEqual(files);
  fs.rmSync(join(folder, 'runs'), { recursive: true });
  const again = await timegrid(command);
  expect(again.stderr).toContain('2 of 2 runs have a result already');
  expect(again.stdout).toBe(first.stdout);
  expect(fs.readFileSync(join(folder, 'report.md'), 'utf8')).toBe(report);

  const other = ['numeracy', 'identity', ...SMALL, '--seeds', '1..2', '--folder', folder];
  expect(await refusal(other)).toMatch(
    /results\/none\.json is of another training: its seeds is \[1\.\.3\], and the study's is \[1,2\]; .* \(and 1 more\)$/,
  );
  fs.writeFileSync(join(folder, 'results', 'nac.json'), '{"task":"identity"}');
  const damaged = await timegrid(command);
  expect(damaged).toMatchObject({ exitCode: 1 });
  expect(damaged.stderr).toMatch(/^timegrid: .*results\/nac\.json is damaged: /m);
});

test('a file declares the same', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'mine.json');
  const declared = { task: 'identity', nets: 'none', iterations: 5, seeds: '1..2', title: 'Mine' };
  fs.writeFileSync(path, JSON.stringify(declared));
  const { stdout } = await timegrid(['numeracy', path, '--folder', join(folder, 'out'), '--json']);
  expect(JSON.parse(stdout)).toMatchObject([
    { task: 'identity', settings: { nets: ['none'], seeds: [1, 2], iterations: 5 } },
  ]);
  fs.writeFileSync(path, JSON.stringify({ ...declared, iteration: 5 }));
  expect(await refusal(['numeracy', path])).toBe(
    `${path} has no option "iteration"; did you mean "iterations"?`,
  );
  fs.writeFileSync(path, JSON.stringify({ ...declared, task: 'identities' }));
  expect(await refusal(['numeracy', path])).toMatch(/"task" takes .*did you mean "identity"\?$/);
  expect(await refusal(['study', path])).toBe(
    `${path} declares a task: run it with timegrid numeracy ${path}`,
  );
  fs.writeFileSync(path, '{"agents":{"a":{"agent":"nac"}}}');
  expect(await refusal(['numeracy', path])).toBe(
    `${path} declares a study of agents: run it with timegrid study ${path}`,
  );
  fs.writeFileSync(path, '[]');
  expect(await refusal(['numeracy', path])).toMatch(/mine\.json does not declare a task: /);
});

test('the settings of a task are listed with their defaults', async () => {
  const { stdout, exitCode } = await timegrid(['numeracy', 'identity', '--settings']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('  seeds = 1..100\n      seeds, one for each copy');
  expect(stdout).toContain('  iterations = 10000\n      training steps: a whole number from 1');
  const all = await timegrid(['numeracy', '--settings', '--json']);
  const sheets = JSON.parse(all.stdout) as { id: string; settings: { name: string }[] }[];
  for (const { id, settings } of sheets) {
    expect(
      settings.map(({ name }) => name),
      id,
    ).toContain('seeds');
  }
});

describe('a mistake is one sentence, before anything is trained', () => {
  test.each([
    [['identiti'], 'there is no task "identiti"; did you mean "identity"?'],
    [['identity', '--set', 'nets=relu,tan'], /"nets" takes .*, not "tan"; did you mean "tanh"\?$/],
    [['identity', '--set', 'iterations=0'], /option "iterations" \(training steps\) takes a whole/],
    [['module', '--set', 'inputs=ten'], /"inputs" takes whole numbers of at least 2/],
    [['identity', '--seeds', '5'], /"seeds" 5 could mean seed 5 or 5 seeds/],
    [['--set', 'iterations=5'], '--set does nothing without a task: leave it out'],
    [['identity', '--data', '.'], '--data does nothing for the task identity: leave it out'],
    [['./none.json'], 'there is no file ./none.json'],
  ])('%j', async (args, sentence) => {
    const folder = join(temporaryFolder(), 'out');
    const said = await refusal(['numeracy', ...args, '--folder', folder]);
    if (typeof sentence === 'string') expect(said).toBe(sentence);
    else expect(said).toMatch(sentence);
    expect(fs.existsSync(folder)).toBe(false);
  });
});
