import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nau } from '../../agent/cells/nau.ts';
import { registerCell } from '../../agent/cells/registry.ts';
import { module } from '../../src/numeracy/module/module.ts';
import type { Task } from '../../src/numeracy/task.ts';
import { settingsOf } from '../../src/numeracy/task-settings.ts';
import { refusal } from '../cli/timegrid.ts';
import { inFolder, smallCell, write } from '../plugins/files.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { tiny } from './tiny.ts';

const SMALL = ['--set', 'cells=nau', 'inputs=2', 'iterations=6', 'batch=8', '--seeds', '1..2'];
const withCell = (file: string) => [
  ...['numeracy', 'module', ...SMALL, '--cell', file, '--folder', 'out', '--jobs', '1'],
];

test('a registered cell of one’s own is trained and measured as a built-in one that computes the same', async () => {
  registerCell({ ...nau, id: 'mine' });
  const task = module as unknown as Task;
  const settings = settingsOf(task, { ...tiny.module, cells: ['nau'], seeds: [1, 2] });
  const source = { given: './mine.ts', from: '/', version: 'sha256:abc' };
  const runs = await task.runs(settings, { ownCells: [{ id: 'mine', source }] });
  expect(runs.map(({ name }) => name)).toEqual(['nau, 2 inputs', 'mine, 2 inputs']);
  expect(runs[1]!.settings).toMatchObject({ cell: 'mine', fingerprint: 'sha256:abc' });
  expect(JSON.stringify(runs)).not.toContain('mine.ts');
  const taken = task.runs(settings, { ownCells: [{ id: 'inalu-second-order', source }] });
  await expect(taken).rejects.toThrow(
    './mine.ts: the task module has a model inalu-second-order already; choose another id',
  );
  const results = [];
  for (const run of runs) {
    const training = await task.train(run, {});
    for (let step = 0; step < training.steps; step += 1) await training.step(step);
    results.push(await task.evaluate(run, training.save(), {}));
    await training.dispose();
  }
  expect(results[1]).toEqual(results[0]);
});

test('a cell that cannot be trained is refused in one sentence before anything is', async () => {
  const folder = temporaryFolder();
  write(folder, {
    'reads.ts': smallCell('reads').replace('x) => tf.matMul(', 'x) => x.dataSync() && tf.matMul('),
  });
  const reads = await inFolder(folder, withCell('./reads.ts'));
  expect(reads.stderr).toMatch(
    /^timegrid: \.\/reads\.ts: .*it reads the value of a tensor.*; timegrid check \.\/reads\.ts says what to change\n$/,
  );
  expect(fs.existsSync(join(folder, 'out'))).toBe(false);
  const out = ['--folder', join(folder, 'out')];
  expect(await refusal(['numeracy', 'module', '--cell', 'nmu', ...out])).toBe(
    'nmu is a cell that comes with timegrid: name a file with a cell of your own, such as ./my-cell.ts',
  );
  expect(await refusal(['numeracy', 'identity', '--cell', './reads.ts', ...out])).toBe(
    'the task identity takes no cell of your own, such as ./reads.ts; module does',
  );
  expect(fs.existsSync(join(folder, 'out'))).toBe(false);
});
