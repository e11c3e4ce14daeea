import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { modulesOf } from '../../src/page/own-code.ts';
import { temporaryFolder } from '../run/temporary.ts';

/** Writes files, and gives the modules that the first of them is made of. */
function modulesIn(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(join(folder, name), text);
  return modulesOf([{ given: `./${Object.keys(files)[0]}`, from: folder, version: '' }]);
}

test('each module comes after what it imports, once, without its types', () => {
  const modules = modulesIn({
    'world.ts':
      "import { register } from 'timegrid/env';\nimport { size } from './size.ts';\nexport * from './rules.js';\nexport const area: number = size * size;\n",
    'rules.ts':
      "import { size } from './size.ts';\nexport const rule = () => import('./size.ts');\n",
    'size.ts': 'export const size: number = 7;\n',
  });
  expect(modules.map(({ name }) => name)).toEqual(['size.ts', 'rules.ts', 'world.ts']);
  expect(modules[0]!.code).not.toContain(': number');
  const [, rules, world] = modules;
  expect(rules!.imports.map(({ target }) => target)).toEqual([0, 0]);
  expect(world!.imports.map(({ target }) => target)).toEqual(['timegrid/env', 0, 1]);
  const named = world!.imports.map(({ from, to }) => world!.code.slice(from, to));
  expect(named).toEqual(['timegrid/env', './size.ts', './rules.js']);
  expect(rules!.code.slice(rules!.imports[1]!.from, rules!.imports[1]!.to)).toBe('./size.ts');
});

describe('code that a browser cannot run is refused, with what it may import', () => {
  test.each([
    [
      "import fs from 'node:fs';",
      /imports node:fs, which is part of Node, not of browsers: .*timegrid\/env, timegrid\/agent, zod/,
    ],
    ["import { x } from 'lodash';", /imports lodash, which is a package/],
    ["import { train } from 'timegrid';", /imports timegrid, which is a package/],
    [
      "import data from './data.json' with { type: 'json' };",
      /imports \.\/data\.json, which is no JavaScript/,
    ],
    ["import { gone } from './gone.ts';", /imports \.\/gone\.ts, which is no JavaScript/],
    [
      "import { y } from './circle.ts';\nexport const x = 1;",
      /imports itself by way of other files/,
    ],
    ['const name = String(1);\nexport const later = import(name);', /by a name that it makes up/],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
    ['export const of = (n) => import(`./${n}.ts`);', /by a name that it makes up/],
  ])('%s', (code, sentence) => {
    const files = { 'world.ts': code, 'circle.ts': "export { x as y } from './world.ts';\n" };
    expect(() => modulesIn(files)).toThrow(sentence);
  });

  test('a package', () => {
    const source = { given: 'some-worlds#Maze', from: temporaryFolder(), version: '' };
    expect(() => modulesOf([source])).toThrow(/some-worlds#Maze is a package: name its file/);
  });
});
