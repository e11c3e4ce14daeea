import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planStudyFile } from '../../src/study/plan-study.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { declareFour } from '../study/tiny-study.ts';
import { refusal, timegrid } from './timegrid.ts';

test('--list prints a line for each run, and writes nothing', async () => {
  const home = temporaryFolder();
  const file = declareFour(home);
  const folder = join(home, 'out');
  const command = ['study', file, '--folder', folder, '--list'];
  const list = async (...more: string[]): Promise<string[]> => {
    const { stdout, exitCode, stderr } = await timegrid([...command, ...more]);
    expect(exitCode, stderr).toBe(0);
    return stdout.trimEnd().split('\n');
  };
  const { runs } = await planStudyFile(file, folder);
  const [first, second, third, fourth] = runs.map(({ key }) => key.slice(0, 8));
  expect(await list()).toEqual([
    `${first}  baseline  seed 1  to do`,
    `${second}  my clock  seed 1  to do`,
    `${third}  baseline  seed 2  to do`,
    `${fourth}  my clock  seed 2  to do`,
  ]);
  expect(fs.existsSync(folder)).toBe(false);
  expect(await list('--only', '2/4', '1/4')).toHaveLength(2);
  const all = JSON.parse((await list('--json')).join('\n'));
  expect(all[1]).toEqual({
    ...{ key: runs[1]!.key, agent: 'my clock', seed: 1, state: 'to do', share: 0 },
    run: join(folder, 'runs', 'my-clock-1'),
    result: join(folder, 'results', 'my-clock-1.json'),
  });
  expect(await refusal([...command, '--jobs', '2'])).toBe(
    '--jobs does nothing with --list: leave it out',
  );
});

test('a list of values is a grid on the command line too', async () => {
  const { stdout, exitCode, stderr } = await timegrid([
    ...['study', '--agents', 'nac', '--set', 'lstm=[16,32]', 'steps=10', '--list'],
    ...['--folder', join(temporaryFolder(), 'out')],
  ]);
  expect(exitCode, stderr).toBe(0);
  expect(stdout.split('\n').map((line) => line.replace(/^\w+ +/, ''))).toEqual([
    'nac, lstm 16  seed 1  to do',
    'nac, lstm 32  seed 1  to do',
    '',
  ]);
});
