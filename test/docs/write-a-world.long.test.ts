import fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { inFolder } from '../plugins/files.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { Program } from '../train/program.ts';

const page = fs.readFileSync(
  fileURLToPath(new URL('../../docs/write-a-world.md', import.meta.url)),
  'utf8',
);

const example = fileURLToPath(new URL('../../examples/knock.ts', import.meta.url));

/** The blocks of one language, in the order of the page. */
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, text]) => text!,
  );

let commands: string[][];
beforeAll(() => {
  commands = blocks('sh').map((text) => text.trim().split(' '));
});

test('the page goes from an idea to an agent that counts, and shows it', async () => {
  const folder = temporaryFolder();
  expect(commands.map(([program, command]) => `${program} ${command}`)).toEqual([
    ...['timegrid new-env', 'timegrid check', 'timegrid train', 'timegrid evaluate'],
    'timegrid watch',
  ]);
  const [begin, , train, evaluate, watch] = commands.map((words) => words.slice(1));
  expect(await inFolder(folder, begin!)).toMatchObject({
    stdout: expect.stringContaining(
      'ONNXRUNTIME_NODE_INSTALL=skip npm install timegrid && node --test',
    ),
    ...{ stderr: '', exitCode: 0 },
  });
  expect(fs.readFileSync(join(folder, 'knock.ts'), 'utf8')).toBe(blocks('ts')[0]);
  expect(fs.readFileSync(example, 'utf8')).toBe(blocks('ts')[0]);

  expect(await inFolder(folder, train!)).toMatchObject({ exitCode: 0 });
  const { stdout } = await inFolder(folder, [...evaluate!, '--json']);
  const { rows } = JSON.parse(stdout).evaluations[0];
  expect(rows).toHaveLength(11);
  for (const { number, exact } of rows.slice(0, 6)) {
    expect(exact, `exact at n = ${number}`).toBeGreaterThan(0.9);
  }

  fs.writeFileSync(join(folder, 'short-knock.ts'), blocks('ts')[1]!);
  const short = await inFolder(folder, ['check', './short-knock.ts', '--json']);
  expect(JSON.parse(short.stdout)).toMatchObject({ id: 'ShortKnock-v0', ok: true });

  const page = new Program([watch![0]!, join(folder, watch![1]!)]);
  await page.until(() => page.stdout.includes('Watch at'));
  expect(await page.signal('SIGINT')).toMatchObject({ stderr: '' });
}, 300_000);
