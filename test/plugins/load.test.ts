import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fingerprintFile } from '../../src/plugins/fingerprint.ts';
import { timegrid } from '../cli/timegrid.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { timegridProcess } from '../train/program.ts';
import { type Found, findAll, smallWorld, write } from './files.ts';

/** A spec that is one on the outside. */
const hollow = (id: string, create = 'create() {}'): string =>
  `{ id: '${id}', summary: 'x', options: z.strictObject({}), resetOptions: z.strictObject({}), ${create} }`;
const zod = "import { z } from 'timegrid/env';\n";

const files = {
  'syntax.ts': 'const a = 1;\nexport default { id: = 3 };\n',
  'syntax.js': 'export const a = 1;\n\nlet b = ;\n',
  'nested.ts': "import './syntax.ts';\n",
  'enum.ts': 'enum A { b }\nexport default A;\n',
  'throws.ts': "function deep(): never {\n  throw new Error('no such level');\n}\ndeep();\n",
  'text.ts': "throw 'a text';\n",
  'classic.cjs.js': 'null.x;\n',
  'nothing.ts': 'export const a = 1;\n',
  'class.ts': 'export default class World {}\n',
  'schema.ts': "export default { id: 'A-v0', summary: 'x', options: {}, resetOptions: {} };\n",
  'id.ts': `${zod}export default ${hollow('bad id', "create() { throw new Error('early') }")};\n`,
  'promise.ts': `${zod}export default ${hollow('Promise-v0', 'async create() {}')};\n`,
  'undefined.ts': `${zod}export default ${hollow('Undefined-v0')};\n`,
  'taken.ts': smallWorld('TimedGrid-v0'),
  'badid.ts': smallWorld('bad id'),
  'instance.ts': smallWorld('Made-v0').replace('default spec', 'default spec.create()'),
  'copy.ts': smallWorld('Copied-v0').replace('default spec', "default { ...spec, id: 'Copy-v0' }"),
  'dtype.ts': smallWorld('Dtype-v0').replace("'uint8', 0", "'float32', 0"),
  'plain.ts': smallWorld('Plain-v0'),
  'two.ts': `${zod}export const Maze = ${hollow('Maze-v0')};\nexport const Lake = ${hollow('Lake-v0')};\n`,
  'import.ts': "import { thing } from './gone.ts';\nexport default thing;\n",
  'package.ts': "import { thing } from 'not-installed';\nexport default thing;\n",
  'type.ts': "import { Env } from 'timegrid/env';\nexport default {} as Env;\n",
  'world.txt': 'export default 1;',
  'node_modules/damaged-package/package.json': '{\n  "name": "damaged-package",\n  oh\n}',
  'damaged.ts': "import 'damaged-package';\nexport default 1;\n",
  'node_modules/some-package/package.json':
    '{ "name": "some-package", "version": "1.2.3", "type": "module", "exports": "./index.ts" }',
  'node_modules/some-package/index.ts': smallWorld('Packed-v0').replace(
    'export default spec',
    'export { spec as Maze }',
  ),
};

const problems: readonly (readonly [string, string])[] = [
  ['./gone.ts', 'there is no file'],
  ['./', './ is a folder; name the file in it that exports the world'],
  ['.', '. is a folder'],
  ['./world.txt', 'a world is a file that ends in .ts, .mts, .js or .mjs'],
  ['syntax.ts', 'syntax.ts does not compile: Expression expected ('],
  ['syntax.ts', 'syntax.ts:2:22)'],
  ['syntax.js', 'syntax.js:3:9)'],
  ['nested.ts', 'syntax.ts:2:22)'],
  ['enum.ts', 'TypeScript enum is not supported; only types that can be left out are taken'],
  ['throws.ts', 'throws.ts throws when it is imported: no such level ('],
  ['throws.ts', "throws.ts:2:9: throw new Error('no such level');)"],
  ['text.ts', 'text.ts throws when it is imported: a text'],
  ['classic.cjs.js', 'classic.cjs.js:1:6: null.x;)'],
  ['nothing.ts', 'nothing.ts exports no world: its default export must be an EnvSpec'],
  ['class.ts', 'it is a class or function: export its spec'],
  ['schema.ts', 'its options must be a zod object, such as z.strictObject({})'],
  ['id.ts', 'id.ts: creating a bad id throws: early ('],
  ['promise.ts', 'it is a promise, but create must return the world itself'],
  ['undefined.ts', 'what Undefined-v0 creates is not an Env: it is undefined'],
  [
    'taken.ts',
    'taken.ts: a world is already registered as TimedGrid-v0; give the new one another id',
  ],
  [
    'badid.ts',
    `badid.ts: a world's id must be letters, digits and hyphens, and a version, such as Name-v0, not "bad id"`,
  ],
  ['two.ts', 'two.ts exports several worlds: choose two.ts#Lake or two.ts#Maze'],
  ['two.ts#Mase', 'two.ts#Mase: there is no world "Mase" in it; did you mean "Maze"?'],
  ['two.ts#', 'two.ts# exports several worlds: choose two.ts#Lake or two.ts#Maze'],
  ['instance.ts', 'it is a world: export its spec'],
  [
    'copy.ts',
    'what Copy-v0 creates is not an Env: its own spec has the id Copied-v0: let create make',
  ],
  ['dtype.ts', 'observationSpace.pixels has the dtype float32, not uint8'],
  ['plain', 'there is no world "plain"; did you mean ./plain.ts?'],
  ['some-package', 'there is no world "some-package"; did you mean some-package#?'],
  ['import.ts', 'import.ts cannot be imported: Cannot find module'],
  ['package.ts', "package.ts cannot be imported: Cannot find package 'not-installed'"],
  ['type.ts', 'if Env is a type, import it with "import type"'],
  ['other-package#Maze', 'no package other-package is installed in'],
  ['some-package#Mase', 'some-package#Mase: there is no world "Mase" in it; did you mean "Maze"?'],
  ['some-package/deep#Maze', `Package subpath './deep' is not defined by "exports"`],
  ['damaged-package#Maze', 'node_modules/damaged-package/package.json is not JSON: '],
  ['damaged.ts', 'package.json is not JSON: '],
  ['TimedGird-v0', 'there is no world "TimedGird-v0"; did you mean "TimedGrid-v0"?'],
];

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
let found: Found[];
beforeAll(async () => {
  write(folder, files);
  found = await findAll(
    problems.map(([named]) => named),
    folder,
  );
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('what keeps a file or a package from being a world is one sentence', () => {
  test.each(problems.map((problem, i) => [...problem, i] as const))('%s: %s', (_, sentence, i) => {
    const { name, message } = found[i]!.error!;
    expect(name).toMatch(/^(UsageError|UnknownEnvError)$/);
    expect(message).toContain(sentence);
    expect(message).not.toContain('\n');
  });

  test('and exit code 2', async () => {
    for (const name of ['throws.ts', 'nested.ts', 'gone.ts']) {
      for (const args of [
        ['envs', join(folder, name)],
        ['train', '--env', join(folder, name)],
      ]) {
        const { stdout, stderr, exitCode } = await timegrid(args);
        expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
        expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      }
    }
  });

  test('and a module that awaits for ever does not end the program as if all were well', async () => {
    const stuck = temporaryFolder();
    write(stuck, { 'forever.ts': 'await new Promise(() => {});\nexport default 1;\n' });
    const { stderr, exitCode } = await timegridProcess(['envs', join(stuck, 'forever.ts')]);
    expect(stderr).toContain('never finishes being imported: it awaits something that never comes');
    expect(exitCode).toBe(2);
  });
});

describe('a world is found', () => {
  test('in TypeScript and what it imports, whose names may end as they compile', async () => {
    const own = temporaryFolder();
    const text = smallWorld('Parts-v0').replace('fill(0)', 'fill(shade)');
    write(own, {
      'world.ts': `import { shade } from './parts/look.js';\n${text}`,
      'parts/look.ts':
        "import type { Env } from 'timegrid/env';\nimport { seven } from './seven';\nexport const shade: number = seven satisfies Env['close'] | number;\n",
      'parts/seven.ts': 'export const seven = 7 as const;\n',
    });
    const [world, byId] = await findAll(['./world.ts', 'world.ts#Parts-v0'], own);
    expect(world).toEqual({
      id: 'Parts-v0',
      pixels: new Array(12).fill(7),
      source: {
        given: './world.ts',
        from: own,
        version: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      },
    });
    expect(byId).toMatchObject({ id: 'Parts-v0', pixels: world!.pixels });
  });

  test('in JavaScript, in a folder that says nothing of modules', async () => {
    const own = temporaryFolder();
    const javascript = smallWorld('Script-v0')
      .replace('type EnvSpec, ', '')
      .replace(': EnvSpec', '');
    write(own, { 'world.js': javascript });
    expect(await findAll(['./world.js'], own)).toMatchObject([{ id: 'Script-v0' }]);
  });

  test('in a package, by the name of its export or by its id, or the only one there is', async () => {
    const names = ['some-package#Maze', 'some-package#Packed-v0', 'some-package#'];
    const [byName, byId, only] = await findAll(names, folder);
    expect(only).toMatchObject({ id: 'Packed-v0' });
    const source = {
      ...{ given: 'some-package#Maze', from: folder },
      version: expect.stringMatching(/^1\.2\.3\+sha256:[0-9a-f]{64}$/),
    };
    expect(byName).toMatchObject({ id: 'Packed-v0', source });
    expect(byId).toMatchObject({ id: 'Packed-v0' });
  });

  test('by its id, once it was loaded; another file with that id is refused', async () => {
    const own = temporaryFolder();
    write(own, { 'one.ts': smallWorld('Same-v0'), 'two.ts': smallWorld('Same-v0', 1) });
    const [one, same, two] = await findAll(['./one.ts', 'Same-v0', './two.ts'], own);
    expect(same!.pixels).toEqual(one!.pixels);
    expect(two!.error!.message).toBe(
      `${join(own, 'two.ts')} and ${join(own, 'one.ts')} both hold a world Same-v0: give one of them another id`,
    );
  });
});

test('the version of a file is that of its content and of what it imports, wherever it lies', () => {
  const versionOf = (parts: Record<string, string>): string => {
    const own = temporaryFolder();
    write(own, { 'world.ts': `import './other.ts';\n${smallWorld('Parts-v0')}`, ...parts });
    return fingerprintFile(join(own, 'world.ts')).version;
  };
  const parts = { 'other.ts': "import './data.js';", 'data.js': '1;' };
  const version = versionOf(parts);
  expect(versionOf(parts)).toBe(version);
  expect(versionOf({ ...parts, 'unrelated.ts': '2;' })).toBe(version);
  expect(versionOf({ ...parts, 'data.js': '2;' })).not.toBe(version);
  expect(versionOf({ ...parts, 'other.ts': "import './data.js'; 0;" })).not.toBe(version);
});
