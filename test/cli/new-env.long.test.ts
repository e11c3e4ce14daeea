import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { inFolder } from '../plugins/files.ts';
import { temporaryFolder } from '../run/temporary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A folder in which timegrid is installed. */
function project(): string {
  const folder = temporaryFolder();
  fs.mkdirSync(join(folder, 'node_modules'));
  fs.symlinkSync(root, join(folder, 'node_modules/timegrid'));
  return folder;
}

describe('timegrid new-env', () => {
  test.each(['ts', 'js'])('writes a world in .%s whose test passes', async (language) => {
    const folder = project();
    const js = language === 'js' ? ['--js'] : [];
    const { stdout } = await inFolder(folder, ['new-env', 'my-world', ...js, '--folder', 'worlds']);
    expect(stdout).toContain(`worlds/my-world.${language} is a small world, MyWorld-v0`);
    expect(stdout).not.toContain('npm install');
    expect(fs.readdirSync(join(folder, 'worlds')).sort()).toEqual(
      [`my-world.${language}`, 'my-world.test.mjs'].sort(),
    );
    const own = join(folder, 'worlds/my-world.test.mjs');
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const tested = await promisify(execFile)(process.execPath, ['--test', own], { env });
    expect(tested.stdout).toMatch(/pass \d\d/);
    expect(tested.stdout).toMatch(/fail 0/);
  });

  test('writes TypeScript that stands the strictest check', async () => {
    const folder = project();
    await inFolder(folder, ['new-env', 'my-world']);
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const strict = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--noUncheckedIndexedAccess',
      '--erasableSyntaxOnly',
    ];
    const modern = ['--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    const file = join(folder, 'my-world.ts');
    const types = ['--typeRoots', join(root, 'node_modules/@types')];
    const compiling = promisify(execFile)(process.execPath, [
      ...[compiler, ...strict, ...modern, ...types, file],
    ]);
    expect(await compiling.catch((error) => error)).toMatchObject({ stdout: '' });
  });

  test('leaves what is there as it is', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(join(folder, 'mine.test.mjs'), 'mine');
    const { stderr, exitCode } = await inFolder(folder, ['new-env', 'mine']);
    expect(stderr).toBe(
      'timegrid: mine.test.mjs already exists and is left as it is; choose another name\n',
    );
    expect(exitCode).toBe(2);
    expect(fs.readdirSync(folder)).toEqual(['mine.test.mjs']);
    expect(fs.readFileSync(join(folder, 'mine.test.mjs'), 'utf8')).toBe('mine');
  });

  test.each([
    ['MazeTwo-v0', 'such as maze-two, not "MazeTwo-v0"'],
    ['my_world.ts', 'such as my-world, not "my_world.ts"'],
    ['../away', 'such as away, not "../away"'],
    ['3d', 'such as my-world, not "3d"'],
    ['timed-grid', 'TimedGrid-v0 comes with timegrid already; choose another name than timed-grid'],
  ])('refuses the name %s', async (name, sentence) => {
    const folder = temporaryFolder();
    const { stderr, exitCode } = await inFolder(folder, ['new-env', name]);
    expect(stderr).toContain(sentence);
    expect(exitCode).toBe(2);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
