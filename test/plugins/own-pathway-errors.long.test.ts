import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../run/temporary.ts';
import { tinyAgent } from '../train/tiny.ts';
import { inFolder, smallPathway, smallWorld, write } from './files.ts';

test('what keeps a file from being a pathway is one sentence', async () => {
  const folder = temporaryFolder();
  const problems = {
    'world.ts': [smallWorld('Small-v0'), /options must be|what Small-v0 creates is not a Pathway/],
    'nothing.ts': [
      'export const a = 1;',
      /exports no pathway: its default export must be a Pathway/,
    ],
    'id.ts': [
      smallPathway('Bad Id'),
      /a pathway's id must be lower-case letters, digits and hyphens/,
    ],
    'taken.ts': [smallPathway('nac'), /a pathway is already registered as nac/],
    'default.ts': [smallPathway('a', 'gain: z.number()'), /its option "gain" must have a default/],
    'common.ts': [
      smallPathway('b', 'lstm: z.int().default(1)'),
      /its option "lstm" has the name of one/,
    ],
    'size.ts': [
      smallPathway('c').replace('featureSize:', 'size:'),
      /its featureSize must be a whole/,
    ],
  } as const;
  write(folder, Object.fromEntries(Object.entries(problems).map(([name, [text]]) => [name, text])));
  const module = new URL('../../dist/src/plugins/pathways.js', import.meta.url).href;
  const names = [...Object.keys(problems), 'id'];
  const program = `
    import { findPathway } from '${module}';
    for (const name of ${JSON.stringify(names)})
      await findPathway(name, ${JSON.stringify(folder)}).then(console.log, (e) => console.log(e.message));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--input-type=module', `--eval=${program}`],
  ]);
  const sentences = stdout.trimEnd().split('\n');
  expect(sentences).toHaveLength(names.length);
  for (const [i, [, sentence]] of Object.values(problems).entries()) {
    expect(sentences[i]).toMatch(sentence);
  }
  expect(sentences.at(-1)).toBe('there is no agent "id"; did you mean ./id.ts?');
});

test('an option that the pathway does not take is refused with those that it takes', async () => {
  const folder = temporaryFolder();
  const { stderr, exitCode } = await inFolder(folder, [
    ...['train', '--agent', 'baseline', '--set', 'clockUnits=3', ...tinyAgent.slice(1)],
  ]);
  expect(stderr).toMatch(
    /the agent baseline has no option "clockUnits", .*nac-clock; .*dense, pictures, lstm/,
  );
  expect(exitCode).toBe(2);
  const twice = await inFolder(folder, ['train', '--agent', 'nac', '--set', 'pathway=baseline']);
  expect(twice.stderr).toContain('choose the agent with --agent baseline');
});

test('a pathway that cannot be compiled is refused before there is a run', async () => {
  const folder = temporaryFolder();
  const complex = smallPathway('waves').replace(
    't && tf.mul(t, gain)',
    't && tf.real(tf.complex(t, t))',
  );
  write(folder, { 'waves.ts': complex });
  const run = ['train', '--agent', './waves.ts', '--run', 'run', '--frames', '100'];
  const { stderr, exitCode } = await inFolder(folder, run);
  expect(stderr).toMatch(
    /^timegrid: \.\/waves\.ts: .* cannot be compiled: .*Complex.*; timegrid check \.\/waves\.ts says what to change\n$/,
  );
  expect(exitCode).toBe(2);
  expect(fs.existsSync(join(folder, 'run'))).toBe(false);
});
