import { join } from 'node:path';
import { expect, test } from 'vitest';
import { placeInStack } from '../../src/plugins/error-place.ts';
import { timegrid } from '../cli/timegrid.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { tinyAgent } from '../train/tiny.ts';
import { smallPathway, smallWorld, write } from './files.ts';

const small = tinyAgent.filter((pair) => !pair.startsWith('convolutions'));
const train = ['--frames', '320', '--threads', '1', '--engine', 'cpu', ...small];

/** TypeScript whose types stand before what throws, on the same line. */
const line = 'const length: number = (Object(into) as { list: number[] }).list.length;';
const faulty = (id: string): string =>
  smallWorld(id).replace(
    'step: (_, into) => termination(observe(into), 1),',
    `step(_: number, into) {\n        ${line}\n        return termination(observe(into), length);\n      },`,
  );
const place = (file: string) => {
  const lines = faulty('x').split('\n');
  const index = lines.findIndex((text) => text.includes(line));
  return `${file}:${index + 1}:${lines[index]!.indexOf('.length') + 2}: ${line}`;
};

test('what a world throws is reported with the file, the line and its text', async () => {
  const folder = temporaryFolder();
  write(folder, { 'world.ts': faulty('Faulty-v0') });
  const file = join(folder, 'world.ts');
  const sentence = `Cannot read properties of undefined (reading 'length') (${place(file)})`;
  for (const more of [[], ['--env-workers', '2']]) {
    const run = ['--run', join(folder, `run${more.length}`), ...more];
    const { stderr, exitCode } = await timegrid(['train', '--env', file, ...run, ...train]);
    expect(stderr).toContain('Faulty-v0 failed at step 1 of an episode (world 0 of 16): ');
    expect(stderr).toContain(`${sentence}; it had no checkpoint yet\n`);
    expect(exitCode).toBe(1);
  }
  const checked = await timegrid(['check', file]);
  expect(checked.stdout).toContain(
    `step threw “Cannot read properties of undefined (reading 'length')” (${place(file)}) at step 1 of episode`,
  );
  expect(checked.exitCode).toBe(1);
});

test('and so is what a pathway throws', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'pathway.ts');
  write(folder, {
    'pathway.ts': smallPathway('faulty').replace(
      'apply: (_, t) => (',
      'apply: (_, t) => ((undefined as any).x, ',
    ),
  });
  const text = /\(\S*pathway\.ts:13:\d+: apply: \(_, t\) => \(\(undefined as any\)\.x, \{/;
  const { stderr, exitCode } = await timegrid([
    'train',
    '--agent',
    file,
    '--run',
    join(folder, 'run'),
  ]);
  expect(stderr).toMatch(text);
  expect(exitCode).toBe(2);
  expect((await timegrid(['check', file])).stdout).toMatch(text);
});

test('the place is in a file of its author, not in Node, in a dependency or in this program', () => {
  const own = new URL('../../src/x.js', import.meta.url).href;
  const frames = [
    'at check (node:internal/validators:163:11)',
    `at parse (${own}:5:6)`,
    'at parse (file:///a/node_modules/zod/index.js:7:8)',
  ];
  expect(placeInStack(frames.join('\n'))).toBeUndefined();
  for (const frame of [
    'at World.step (file:///a%20b/w.ts:3:4)',
    'at async file:///a%20b/w.ts:3:4',
  ]) {
    expect(placeInStack([...frames, frame, 'at run (/c.ts:1:1)'].join('\n'))).toBe('/a b/w.ts:3:4');
  }
  expect(placeInStack('file:///a/loop.js:2:1')).toBe('/a/loop.js:2:1');
});
