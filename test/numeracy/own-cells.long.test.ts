import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inFolder, smallCell, write } from '../plugins/files.ts';
import { temporaryFolder } from '../run/temporary.ts';

const SMALL = ['--set', 'cells=nau', 'inputs=2', 'iterations=6', 'batch=8', '--seeds', '1..2'];
const withCell = (file: string) => [
  ...['numeracy', 'module', ...SMALL, '--cell', file, '--folder', 'out', '--jobs', '1'],
];

test('a cell of one’s own stands among the others, and a changed one is another run', async () => {
  const folder = temporaryFolder();
  write(folder, { 'mine.ts': smallCell('mine') });
  const { stdout, exitCode } = await inFolder(folder, withCell('./mine.ts'));
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/\nnau +\d.*\nmine +\d/);
  const results = join(folder, 'out', 'results');
  expect(fs.readdirSync(results)).toEqual(['mine-2-inputs.json', 'nau-2-inputs.json']);
  const content = JSON.parse(fs.readFileSync(join(results, 'mine-2-inputs.json'), 'utf8'));
  expect(content.settings).toMatchObject({ cell: 'mine', inputs: 2, seeds: [1, 2] });
  const { fingerprint } = content.settings;
  expect(fingerprint).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(JSON.stringify(content)).not.toContain('mine.ts');
  expect(stdout).toContain(`The code of mine is not timegrid’s; its fingerprint: ${fingerprint}.`);
  const report = fs.readFileSync(join(folder, 'out', 'report.md'), 'utf8');
  expect(report).toMatch(/Settings: .*`cells` nau, .*, `cell` mine\.$/m);

  fs.renameSync(join(folder, 'mine.ts'), join(folder, 'moved.ts'));
  write(folder, { 'changed.ts': `${smallCell('mine')}// changed\n` });
  const moved = await inFolder(folder, withCell('./moved.ts'));
  expect(moved).toMatchObject({ stdout, exitCode: 0 });
  const changed = await inFolder(folder, withCell('./changed.ts'));
  expect(changed.stderr).toMatch(
    /^timegrid: out\/results\/mine-2-inputs\.json is of another training: its fingerprint is "sha256:.*", and the study's is "sha256:.*"; move it away, or give another --folder\n$/,
  );
  expect(changed.exitCode).toBe(2);
});
