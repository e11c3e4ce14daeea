/** Somebody else's run or study executes no code that nobody here has named, trained with or allowed. */

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadAgent } from '../../dist/src/index.js';
import { type Gate, loadPlugin } from '../../dist/src/plugins/load.js';
import { worlds } from '../../dist/src/plugins/worlds.js';
import { fingerprintFile, fingerprintPackage } from '../../src/plugins/fingerprint.ts';
import { isTrusted, recordTrust } from '../../src/plugins/trusted-code.ts';
import { refusal, timegrid } from '../cli/timegrid.ts';
import { forge } from '../run/forge.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { timegridProcess } from '../train/program.ts';
import { tinyAgent } from '../train/tiny.ts';
import { smallPathway, smallWorld, write } from './files.ts';

/** Tells that it was imported, in a file next to it. */
const telling = (text: string): string =>
  `import fs from 'node:fs';\nfs.appendFileSync(import.meta.dirname + '/ran', '.');\n${text}`;

const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'timegrid-')));
const run = join(folder, 'run');
const [world, pathway, marker] = ['world.ts', 'pathway.ts', 'ran'].map((name) =>
  join(folder, name),
);
/** The state of whoever trained it, and of somebody else. */
const [author, other] = ['author', 'other'].map((name) => join(folder, name));
const small = tinyAgent.filter((pair) => !pair.startsWith('convolutions'));

const study = (files: object) => JSON.stringify({ frames: 320, numbers: '3', ...files });

beforeAll(async () => {
  write(folder, {
    'world.ts': telling(smallWorld('Trust-v0')),
    'pathway.ts': telling(smallPathway('trusted')),
    'of-world.json': study({ env: './world.ts', agents: { one: { agent: 'baseline' } } }),
    'of-pathway.json': study({ agents: { one: { agent: './pathway.ts' } } }),
  });
  const named = ['--env', world!, '--agent', pathway!, '--run', run];
  const limits = ['--frames', '320', '--threads', '1', '--engine', 'cpu'];
  const trained = await timegridProcess(['train', ...named, ...limits, ...small], {
    XDG_STATE_HOME: author,
  });
  expect(trained).toMatchObject({ exitCode: 0 });
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  process.env.XDG_STATE_HOME = other;
  fs.rmSync(marker!, { force: true });
});

const onnx = join(folder, 'step.onnx');
const commands: Readonly<Record<string, readonly string[]>> = {
  evaluate: ['evaluate', run, '--numbers', '3'],
  explain: ['explain', run],
  export: ['export', run, '--onnx', onnx],
  watch: ['watch', run],
  resume: ['train', '--run', run, '--resume'],
  'a study of a world': ['study', join(folder, 'of-world.json'), '--folder', join(folder, 'out')],
  'a study of a pathway': [
    'study',
    join(folder, 'of-pathway.json'),
    '--folder',
    join(folder, 'out'),
  ],
};

describe('nothing is imported of what is neither named nor recorded nor allowed', () => {
  test.each(Object.entries(commands))('%s', async (_, args) => {
    const sentence = await refusal(args);
    expect(sentence).toMatch(
      /(world|pathway)\.ts \(sha256:[0-9a-f]{64}\).*: read it, then .*--allow-code$/,
    );
    expect(fs.existsSync(marker!)).toBe(false);
  });

  test('loadAgent', async () => {
    await expect(loadAgent(run)).rejects.toThrow(
      /runs code that it was not trained with on this machine/,
    );
    expect(fs.existsSync(marker!)).toBe(false);
  });

  test('a world in the run itself, found from the folder that the command is given in', async () => {
    const moved = join(temporaryFolder(), 'run');
    fs.cpSync(run, moved, { recursive: true });
    write(moved, { 'evil.ts': telling(smallWorld('Trust-v0')) });
    const given = relative(process.cwd(), join(moved, 'evil.ts'));
    forge(moved, (text) => {
      const { settings, ...rest } = JSON.parse(text);
      settings.env.source = { ...settings.env.source, given, from: '/gone' };
      return JSON.stringify({ ...rest, settings });
    });
    for (const args of Object.values(commands).filter((args) => args.includes(run))) {
      await refusal(args.map((arg) => (arg === run ? moved : arg)));
    }
    expect(fs.existsSync(join(moved, 'ran'))).toBe(false);
  });
});

test('whoever trained the run needs to name nothing, unless the file has changed', async () => {
  const text = fs.readFileSync(world!, 'utf8');
  process.env.XDG_STATE_HOME = author;
  fs.writeFileSync(world!, `${text}\n// changed\n`);
  expect(await refusal(commands.export!)).toMatch(/has changed since .*--allow-code$/);
  expect(fs.existsSync(marker!)).toBe(false);
  fs.writeFileSync(world!, text);
  const { stderr, exitCode } = await timegridProcess(commands.export!);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(fs.existsSync(marker!)).toBe(true);
  fs.rmSync(onnx);
});

test('--allow-code lets it in, and records nothing', async () => {
  const { stderr, exitCode } = await timegrid([...commands.export!, '--allow-code']);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(fs.existsSync(marker!)).toBe(true);
  expect(fs.existsSync(other!)).toBe(false);
});

test('records are for this user alone, few, and believed only if nobody else can have written them', () => {
  const code = (i: number) => ({ for: `run ${i}`, path: '/a', version: `sha256:${i}` });
  const all = () => [0, 1, 2].map((i) => isTrusted(code(i)));
  expect(all()).toEqual([false, false, false]);
  const records = join(other!, 'timegrid/trusted-code');
  write(records, Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`${i}.json`, ''])));
  for (const name of fs.readdirSync(records)) fs.utimesSync(join(records, name), 1, 1);
  for (const i of [0, 1, 2]) recordTrust(code(i));
  const names = fs.readdirSync(records);
  expect(names).toHaveLength(1_000);
  expect(fs.statSync(records).mode & 0o777).toBe(0o700);
  expect(all()).toEqual([true, true, true]);
  expect(isTrusted({ ...code(1), path: '/b' })).toBe(false);
  const ours = names.filter((name) => name.length > 40).map((name) => join(records, name));
  expect(ours.map((path) => fs.statSync(path).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  for (const path of ours) fs.chmodSync(path, 0o622);
  expect(all()).toEqual([false, false, false]);
});

describe('what is imported is what was looked at', () => {
  test('a file that changes in between is refused', async () => {
    const own = temporaryFolder();
    write(own, { 'world.ts': `import './part.ts';\n${smallWorld('Swapped-v0')}`, 'part.ts': '1;' });
    const gate: Gate = () => {
      write(own, { 'part.ts': telling('2;') });
      return { coveredOnly: false };
    };
    await expect(loadPlugin(worlds, './world.ts', own, gate)).rejects.toThrow(
      'part.ts has changed since its fingerprint was taken a moment ago',
    );
    expect(fs.existsSync(join(own, 'ran'))).toBe(false);
  });

  test('a record does not cover what is imported by a name that is made up', async () => {
    const own = temporaryFolder();
    const text = `const name = 'part';\nawait import(\`./\${name}.ts\`);\n${smallWorld('Computed-v0')}`;
    write(own, { 'world.ts': text, 'part.ts': telling('2;') });
    const load = (coveredOnly: boolean) =>
      loadPlugin(worlds, './world.ts', own, () => ({ coveredOnly }));
    await expect(load(true)).rejects.toThrow(
      'part.ts is imported by a name that the code makes up',
    );
    expect(fs.existsSync(join(own, 'ran'))).toBe(false);
  });

  test('the fingerprint covers what is required and linked, and the files of a package', () => {
    const own = fs.realpathSync(temporaryFolder());
    write(own, {
      'world.ts': "import './link.ts';\nnew Worker(new URL('./worker.js', import.meta.url));",
      'parts/real.ts': "import './deep.ts';\nrequire('./old.cjs');",
      ...{ 'parts/deep.ts': '1;', 'parts/old.cjs': '1;', 'worker.js': '1;' },
      'node_modules/p/package.json': '{ "version": "1.0.0" }',
      'node_modules/p/index.js': '1;',
    });
    fs.symlinkSync('parts/real.ts', join(own, 'link.ts'));
    const covered = ['world.ts', 'parts/real.ts', 'parts/deep.ts', 'parts/old.cjs', 'worker.js'];
    const paths = covered.map((name) => join(own, name));
    expect([...fingerprintFile(join(own, 'world.ts')).files.keys()]).toEqual(paths);
    const version = () => fingerprintPackage(join(own, 'node_modules/p')).version;
    const before = version();
    expect(before).toMatch(/^1\.0\.0\+sha256:/);
    write(own, { 'node_modules/p/index.js': '2;' });
    expect(version()).not.toBe(before);
  });
});

describe('while it is imported, code', () => {
  test.each([
    ['process.exit(0);', 'calls process.exit(0) when it is imported'],
    ["import { exit } from 'node:process';\nexit();", 'calls process.exit() when it is imported'],
    ["throw new Error('no');", 'throws when it is imported: no ('],
  ])('%s is refused', async (text, sentence) => {
    const own = temporaryFolder();
    write(own, { 'world.ts': text });
    expect(await refusal(['envs', join(own, 'world.ts')])).toContain(sentence);
  });

  test('that ends the process when it makes a world is not taken for success', async () => {
    const own = temporaryFolder();
    const text = smallWorld('Dying-v0').replace('create() {', 'create() {\n    process.exit(0);');
    write(own, { 'world.ts': text });
    const { stderr, exitCode } = await timegridProcess(['envs', join(own, 'world.ts')]);
    expect(stderr).toMatch(/^timegrid: the program was ended before .*process\.exit.*\n$/);
    expect(exitCode).toBe(1);
  });

  test('that loops for ever is interrupted, and its line is named', async () => {
    const own = temporaryFolder();
    const loop = join(fs.realpathSync(own), 'loop.js');
    write(own, { 'loop.js': 'let n = 1;\nwhile (true) {\n  n += 1;\n}\n' });
    const program = `
      import { whileResponding } from '${new URL('../../dist/src/plugins/stuck-import.js', import.meta.url)}';
      await whileResponding('loop.js', () => import('${loop}'), 0.3)
        .catch((error) => console.log(error.message));`;
    write(own, { 'program.mjs': program });
    const { stdout } = await promisify(execFile)(process.execPath, [join(own, 'program.mjs')]);
    expect(stdout).toMatch(
      /^loop\.js never finishes .* and is at \S*loop\.js:[23]:\d+: .*; look for a loop that never ends\n$/,
    );
  });
});
