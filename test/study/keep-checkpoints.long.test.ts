import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listKept } from '../../src/run/kept-checkpoints.ts';
import { timegrid } from '../cli/timegrid.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { declareFour } from './tiny-study.ts';

test('a study keeps checkpoints of each training: as many as its file says, or as the command does', async () => {
  const home = temporaryFolder();
  const file = declareFour(home, { keepCheckpoints: 3, seeds: [1] });
  const done = async (name: string, ...options: string[]) => {
    const folder = join(home, name);
    const { exitCode, stderr } = await timegrid(['study', file, '--folder', folder, ...options]);
    expect(exitCode, stderr).toBe(0);
    const runs = ['baseline-1', 'my-clock-1'].map((run) => join(folder, 'runs', run));
    const results = fs.readdirSync(join(folder, 'results')).sort();
    const measured = results.map((result) => {
      const { evaluation, learning } = JSON.parse(
        fs.readFileSync(join(folder, 'results', result), 'utf8'),
      );
      return { evaluation, learning };
    });
    return { counts: runs.map((run) => listKept(run).length), measured };
  };
  const asDeclared = await done('declared');
  expect(asDeclared.counts).toEqual([3, 3]);
  const asSaid = await done('said', '--keep-checkpoints', '5');
  expect(asSaid.counts).toEqual([5, 5]);
  expect(asSaid.measured).toEqual(asDeclared.measured);
  expect(asSaid.measured[0]!.evaluation).toBeDefined();
});
