import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { refusal } from '../cli/timegrid.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { inFolder, smallCell, write } from './files.ts';

/** Looks for cells, one after another in one process. @returns the id of each, or the error's sentence */
async function find(names: readonly string[], folder: string): Promise<string[]> {
  const module = new URL('../../dist/src/plugins/cells.js', import.meta.url).href;
  const program = `
    import { findCell } from '${module}';
    for (const name of ${JSON.stringify(names)})
      await findCell(name, ${JSON.stringify(folder)}).then(
        ({ spec, source }) => console.log(spec.id, source?.version.slice(0, 7)), (e) => console.log(e.message));`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--input-type=module', `--eval=${program}`],
  ]);
  return stdout.trimEnd().split('\n');
}

/** A cell that lacks one thing, or has another. */
const but = (id: string, from: string | RegExp, to: string): string => {
  const text = smallCell(id).replace(from, to);
  expect(text).not.toBe(smallCell(id));
  return text;
};

test('what keeps a file from being a cell is one sentence', async () => {
  const folder = temporaryFolder();
  const problems = {
    'nothing.ts': ['export const a = 1;', 'exports no cell: its default export must be a Cell, {'],
    'class.ts': [
      'export default class Cell {}',
      'it is a class or function: export the cell itself',
    ],
    'id.ts': [
      smallCell('Bad Id'),
      "a cell's id must be lower-case letters, digits and hyphens, such",
    ],
    'taken.ts': [
      smallCell('nalu'),
      'taken.ts: a cell is already registered as nalu: choose another id',
    ],
    'source.ts': [but('a', "source: 'a test',", ''), 'its source must be a string'],
    'round.ts': [but('a', '  round(', '  rounded('), 'its round must be a function'],
    'list.ts': [
      but('a', /=> \[\n(.*)\n {2}\]/, '=> ($1)')
        .replace('),),', ')),')
        .replace('},)', '})'),
      'list.ts: the cell a must return an array from parameters',
    ],
    'shape.ts': [
      but('a', 'shape: [inputs, outputs]', 'shape: [0]'),
      'the cell a has the parameter c/w, whose shape must be an array of whole numbers of at least 1',
    ],
    'initial.ts': [
      but('a', 'initial: uniform(-0.5, 0.5)', 'initial: 0'),
      'whose initial must be a function that draws its first values, such as xavier',
    ],
    'values.ts': [
      but('a', 'uniform(-0.5, 0.5)', '() => [0]'),
      'whose initial must return a Float32Array of 6 numbers',
    ],
    'tensor.ts': [
      but('a', 'x) => tf.mat', 'x) => 3, _: () => tf.mat'),
      'must return a tensor from apply',
    ],
    'sizes.ts': [
      but('a', /tf.matMul\(x, .*\)/, 'tf.sum(x, -1, true)'),
      'the cell a returns [4,1] from apply, not [4,2], for x [4,3] and 2 outputs',
    ],
    'throws.ts': [
      but('a', 'x) => tf.matMul(', 'x) => tf.matMul(tf.ones([2, 2]), '),
      'the cell a throws in apply: ',
    ],
    'throws-first.ts': [
      but('a', ' => [\n', ' => [].gone.deep ?? [\n'),
      "throws in parameters: Cannot read properties of undefined (reading 'deep') (",
    ],
  } as const;
  write(folder, Object.fromEntries(Object.entries(problems).map(([name, [text]]) => [name, text])));
  write(folder, { 'mine.ts': smallCell('mine'), 'mine2.ts': smallCell('mine') });
  const names = [...Object.keys(problems), 'id', 'nmo', './mine.ts', 'mine', './mine2.ts'];
  const sentences = await find(names, folder);
  expect(sentences).toHaveLength(names.length);
  for (const [i, [, sentence]] of Object.values(problems).entries()) {
    expect(sentences[i]).toContain(sentence);
  }
  expect(sentences.slice(Object.keys(problems).length)).toEqual([
    'there is no cell "id"; did you mean ./id.ts?',
    'there is no cell "nmo"; did you mean "nmu"?',
    'mine sha256:',
    'mine sha256:',
    `${folder}/mine2.ts and ${folder}/mine.ts both hold a cell mine: give one of them another id`,
  ]);
});

test('timegrid check judges a cell of a file', async () => {
  const folder = temporaryFolder();
  write(folder, {
    'mine.ts': smallCell('mine'),
    'wrong.ts': but('wrong', 'w.set(w.map(Math.round));', ''),
  });
  const [mine, wrong] = await Promise.all(
    ['./mine.ts', './wrong.ts'].map((file) => inFolder(folder, ['check', file])),
  );
  expect(mine!.stdout).toMatch(/^mine\n(.*\n)*10 of 10 rules kept\.\n$/);
  expect(mine!.exitCode).toBe(0);
  expect(wrong!.stdout).toMatch(/BROKEN +round +once rounded, distanceFromWhole is still [\d.]+\n/);
  expect(wrong!.exitCode).toBe(1);
  expect(await refusal(['check', 'nmu', '--set', 'a=1'])).toBe(
    'nmu is a cell, which has no options: leave out --set',
  );
});
