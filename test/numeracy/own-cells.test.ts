import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nau } from '../../agent/cells/nau.ts';
import { nmu } from '../../agent/cells/nmu.ts';
import { registerCell } from '../../agent/cells/registry.ts';
import { arithmetic } from '../../src/numeracy/arithmetic/arithmetic.ts';
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

const source = { given: './mine.ts', from: '/', version: 'sha256:abc' };

describe('a registered cell of one’s own', () => {
  test.each([
    [module, nau, { cells: ['nau'] }, ['nau, 2 inputs', 'own-nau, 2 inputs']],
    [
      arithmetic,
      nmu,
      { models: ['nmu'], operations: ['multiply'] },
      ['multiply, nmu', 'multiply, nau-own-nmu'],
    ],
  ])('is trained and measured as a built-in one that computes the same', async (...given) => {
    const [some, cell, set, names] = given;
    const task = some as unknown as Task;
    const id = `own-${cell.id}`;
    registerCell({ ...cell, id });
    const settings = settingsOf(task, { ...tiny[task.id], ...set, seeds: [1, 2] });
    const runs = await task.runs(settings, { ownCells: [{ id, source }] });
    expect(runs.map(({ name }) => name)).toEqual(names);
    expect(runs[1]!.settings).toMatchObject({ fingerprint: 'sha256:abc' });
    expect(JSON.stringify(runs)).not.toContain('mine.ts');
    const results = [];
    for (const run of runs) {
      const training = await task.train(run, {});
      for (let step = 0; step < training.steps; step += 1) await training.step(step);
      results.push({ run, result: await task.evaluate(run, training.save(), {}) });
      await training.dispose();
    }
    expect(results[1]!.result).toEqual(results[0]!.result);
    const { findings, tables } = task.report(settings, results);
    expect(findings.join()).toContain(`${id} is not timegrid’s; its fingerprint: sha256:abc.`);
    expect(JSON.stringify(tables)).toContain(id);
    // Neither trained such cells.
    expect(findings.join()).not.toMatch(/iNALU|NPU|Second-order steps/);
  });

  test('cannot have the name of another model', async () => {
    const taken = module.runs(settingsOf(module as unknown as Task, {}) as never, {
      ownCells: [{ id: 'inalu-second-order', source }],
    });
    await expect(taken).rejects.toThrow(
      './mine.ts: the task module has a model inalu-second-order already; choose another id',
    );
  });
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
    'the task identity takes no cell of your own, such as ./reads.ts; arithmetic and module do',
  );
  expect(fs.existsSync(join(folder, 'out'))).toBe(false);
});
