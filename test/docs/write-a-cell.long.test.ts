import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { inFolder, write } from '../plugins/files.ts';
import { temporaryFolder } from '../run/temporary.ts';

const page = fs.readFileSync(
  fileURLToPath(new URL('../../docs/write-a-cell.md', import.meta.url)),
  'utf8',
);

/** The blocks of one language, in the order of the page. */
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, text]) => text!,
  );

test('the page goes from an idea to a cell that finds products which the NMU does not find', async () => {
  const folder = temporaryFolder();
  const [pointer] = blocks('ts') as [string];
  write(folder, { 'pointer.ts': pointer });
  const [check, compete] = blocks('sh').map((text) => text.trim().split(' ').slice(1));
  const { stdout, exitCode } = await inFolder(folder, check!);
  expect(stdout).toMatch(/\n10 of 10 rules kept\.\n$/);
  expect(exitCode).toBe(0);

  // Two seeds in place of five; what the page says of each range holds for every seed.
  const competed = await inFolder(folder, [...compete!, '--seeds', '1,2', '--json']);
  expect(competed.exitCode).toBe(0);
  const [{ tables }] = JSON.parse(competed.stdout);
  const whole = tables.find(({ title }: { title: string }) => /by range, weights/.test(title));
  const rows: string[][] = whole.rows.filter(([operation]: string[]) => operation === '×');
  const said = [...page.matchAll(/^\| (\S+…\S+) \| (\d) \| (\d) \|$/gm)];
  expect(said).toHaveLength(9);
  for (const [i, [, range, nmu, own]] of said.entries()) {
    const found = rows[i]!.slice(2).map((cell) => Number(cell.split(' ')[0]) / 2);
    expect(rows[i]![1]).toBe(range);
    expect(found).toEqual([Number(nmu) / 5, Number(own) / 5]);
  }
  expect(fs.existsSync(join(folder, 'runs', 'numeracy', 'module', 'report.md'))).toBe(true);
}, 300_000);

test('the page saves a cell as a model that ONNX Runtime runs', async () => {
  const folder = temporaryFolder();
  fs.mkdirSync(join(folder, 'node_modules'));
  fs.symlinkSync(
    fileURLToPath(new URL('../..', import.meta.url)),
    join(folder, 'node_modules/timegrid'),
  );
  const [program] = blocks('js') as [string];
  write(folder, { 'save.mjs': program });
  await promisify(execFile)(process.execPath, ['save.mjs'], { cwd: folder });
  const session = await InferenceSession.create(join(folder, 'nmu.onnx'));
  const x = new Tensor('float32', new Float32Array(20).fill(1), [1, 2, 10]);
  const { y } = await session.run({ x });
  // Whatever its weights, an NMU of ones is one.
  expect([...(y!.data as Float32Array)].map((value) => value.toFixed(5))).toEqual([
    '1.00000',
    '1.00000',
  ]);
});
