import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { makeFolder } from '../../src/common/make-folder.ts';
import { timegrid } from '../cli/timegrid.ts';
import { temporaryFolder } from '../run/temporary.ts';

afterEach(() => void vi.restoreAllMocks());

test('makes a folder with those above it, and says whether it was missing', () => {
  const path = join(temporaryFolder(), 'a', 'b', 'c');
  expect(makeFolder(path)).toBe(true);
  expect(fs.statSync(path).isDirectory()).toBe(true);
  expect(makeFolder(path)).toBe(false);
});

test('accepts a folder that another process makes at the same moment', () => {
  const path = join(temporaryFolder(), 'shared', 'mine');
  const { mkdirSync } = fs;
  vi.spyOn(fs, 'mkdirSync').mockImplementation((folder) => {
    mkdirSync(folder);
    return mkdirSync(folder) as undefined;
  });
  expect(makeFolder(path)).toBe(false);
  expect(fs.statSync(path).isDirectory()).toBe(true);
});

test.each([['file'], ['file', 'below'], ['file', 'far', 'below']])(
  'refuses a path with a file in it: %s',
  (...names) => {
    const folder = temporaryFolder();
    fs.writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolder(join(folder, ...names))).toThrow(
      expect.objectContaining({
        name: 'Failure',
        message: expect.stringMatching(
          /^cannot create the folder .*(already exists|is a file where)/,
        ),
      }),
    );
  },
);

describe('where the system has no place for folders, and calls that ENOENT', () => {
  test('it is one sentence', () => {
    const folder = temporaryFolder();
    vi.spyOn(fs, 'mkdirSync').mockImplementation(() => {
      throw Object.assign(new Error('ENOENT: no such file or directory'), {
        code: 'ENOENT',
        syscall: 'mkdir',
      });
    });
    expect(() => makeFolder(join(folder, 'a', 'b'))).toThrow(
      expect.objectContaining({
        name: 'Failure',
        message: `cannot create the folder ${join(folder, 'a')}: folders cannot be made there; choose another place`,
      }),
    );
  });

  // Each of these used to run for ever.
  test.skipIf(!fs.existsSync('/proc/self')).each([
    ['new-env', 'mine', '--folder', '/proc/x/y'],
    ['train', '--run', '/proc/x/y'],
    ['study', 'studies/short.json', '--folder', '/proc/x/y'],
  ])('timegrid %s %s %s %s', async (...args) => {
    const { stderr, exitCode } = await timegrid(args);
    expect(stderr).toBe(
      'timegrid: cannot create the folder /proc/x: folders cannot be made there; choose another place\n',
    );
    expect(exitCode).toBe(1);
  });
});
