import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inFolder, write } from '../plugins/files.ts';
import { temporaryFolder } from '../run/temporary.ts';

const page = fs.readFileSync(
  fileURLToPath(new URL('../../docs/write-a-pathway.md', import.meta.url)),
  'utf8',
);

/** The blocks of one language, in the order of the page. */
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, text]) => text!,
  );

test('the page goes from an idea to an agent with a pathway of its own', async () => {
  const folder = temporaryFolder();
  const [fourier, sum, deeds] = blocks('ts') as [string, string, string];
  write(folder, { 'fourier.ts': fourier, 'sum.ts': sum, 'deeds.ts': deeds });
  const [check, train, evaluate] = blocks('sh').map((text) => text.trim().split(' ').slice(1));
  for (const file of ['./fourier.ts', './sum.ts', './deeds.ts']) {
    const { stdout, exitCode } = await inFolder(folder, [check![0]!, file]);
    expect(stdout).toMatch(/\n9 of 9 rules kept\.\n$/);
    expect(exitCode).toBe(0);
  }
  const short = ['--frames', '12800', '--threads', '1'];
  expect(await inFolder(folder, [...train!, ...short])).toMatchObject({ exitCode: 0 });
  const { stdout } = await inFolder(folder, [...evaluate!, '--episodes', '5', '--json']);
  const { label, rows } = JSON.parse(stdout).evaluations[0];
  expect(label).toBe('fourier');
  expect(rows).toHaveLength(16);

  const sums = ['train', '--agent', './sum.ts', '--run', 'runs/sum', ...short];
  expect(await inFolder(folder, sums)).toMatchObject({ exitCode: 0 });
  const explained = await inFolder(folder, [
    'explain',
    'runs/sum',
    '--episodes',
    '4',
    '--up-to',
    '12',
  ]);
  expect(explained.stdout).toMatch(/s1 [=≈] s1/);
  expect(explained.exitCode).toBe(0);
  const counting = ['train', '--agent', './deeds.ts', '--run', 'runs/deeds', ...short];
  expect(await inFolder(folder, counting)).toMatchObject({ exitCode: 0 });
  const played = await inFolder(folder, [
    ...['evaluate', 'runs/deeds', '--numbers', '5', '--episodes', '5', '--json'],
  ]);
  expect(JSON.parse(played.stdout).evaluations[0].rows).toHaveLength(1);
  const listed = await inFolder(folder, ['agents', './fourier.ts']);
  expect(listed.stdout).toContain('waves');
}, 300_000);
