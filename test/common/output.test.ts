import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { makeFolder } from '../../src/common/make-folder.ts';
import { isStream, requireWritable, writeOutput, writeWithin } from '../../src/common/output.ts';
import { temporaryFolder } from '../run/temporary.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const at = (name: string) => join(folder, name);
const read = (name: string) => fs.readFileSync(at(name), 'utf8');
const isLink = (name: string) => fs.lstatSync(at(name)).isSymbolicLink();

function write(path: string, content: string): void {
  requireWritable(path);
  writeOutput(path, content);
}

test('a file is replaced as a whole', () => {
  write(at('file'), 'longer');
  const descriptor = fs.openSync(at('file'), 'r');
  write(at('file'), 'new');
  expect(fs.readFileSync(descriptor, 'utf8')).toBe('longer');
  fs.closeSync(descriptor);
  expect(read('file')).toBe('new');
  expect(fs.readdirSync(folder)).toEqual(['file']);
});

describe('a symbolic link stays', () => {
  test('and its target is replaced, through any number of links', () => {
    fs.mkdirSync(at('below'));
    fs.writeFileSync(at('below/target'), 'old');
    fs.symlinkSync('target', at('below/first'));
    fs.symlinkSync('below/first', at('second'));
    write(at('second'), 'new');
    expect(read('below/target')).toBe('new');
    expect([isLink('second'), isLink('below/first')]).toEqual([true, true]);
    expect(fs.readdirSync(at('below')).sort()).toEqual(['first', 'target']);
  });

  test('and its target is made', () => {
    fs.symlinkSync('target', at('link'));
    write(at('link'), 'new');
    expect(read('target')).toBe('new');
    expect(isLink('link')).toBe(true);
    fs.symlinkSync('folder/below', at('to-folder'));
    expect(makeFolder(at('to-folder'))).toBe(true);
    expect(makeFolder(at('to-folder'))).toBe(false);
    expect(fs.statSync(at('folder/below')).isDirectory()).toBe(true);
    expect(isLink('to-folder')).toBe(true);
  });

  test('and a circle of them is one sentence', () => {
    fs.symlinkSync('one', at('two'));
    fs.symlinkSync('two', at('one'));
    expect(() => write(at('one'), '')).toThrow('its symbolic links go round in a circle');
  });
});

describe('what is no file is written through', () => {
  test('a pipe', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    fs.symlinkSync('pipe', at('link'));
    for (const name of ['pipe', 'link']) {
      const reader = spawn('cat', [at(name)], { stdio: ['ignore', 'pipe', 'inherit'] });
      const text = 'x'.repeat(300_000);
      const received = reader.stdout.setEncoding('utf8').toArray();
      // The pipe is full before its reader is done.
      requireWritable(at(name));
      writeOutput(at(name), text);
      expect((await received).join('')).toBe(text);
      expect(fs.statSync(at(name)).isFIFO()).toBe(true);
    }
    expect(isLink('link')).toBe(true);
  });

  test('a device', (context) => {
    // The same as /dev/null and /dev/full.
    const made = [3, 7].map(
      (minor) => spawnSync('mknod', [at(`device-${minor}`), 'c', '1', String(minor)]).status,
    );
    context.skip(
      made.some((status) => status !== 0),
      'only root may make a device',
    );
    write(at('device-3'), 'gone');
    expect(fs.statSync(at('device-3')).isCharacterDevice()).toBe(true);
    expect(() => write(at('device-7'), 'refused')).toThrow('the disk is full');
    expect(fs.statSync(at('device-7')).isCharacterDevice()).toBe(true);
    expect(fs.readdirSync(folder).sort()).toEqual(['device-3', 'device-7']);
  });

  test.skipIf(!fs.existsSync('/dev/fd'))('an open descriptor, from where it stands', () => {
    const descriptor = fs.openSync(at('open'), 'w');
    fs.writeSync(descriptor, 'before ');
    fs.symlinkSync(`/dev/fd/${descriptor}`, at('link'));
    write(`/dev/fd/${descriptor}`, 'within ');
    write(at('link'), 'more ');
    fs.writeSync(descriptor, 'after');
    fs.closeSync(descriptor);
    expect(read('open')).toBe('before within more after');
    expect(() => write(`/dev/fd/${descriptor}`, '')).toThrow(/^cannot write \/dev\/fd\/\d+: /);
  });
});

test('within a folder that may be somebody else’s, a link is replaced', () => {
  fs.writeFileSync(at('target'), 'mine');
  fs.symlinkSync('target', at('link'));
  writeWithin(at('link'), 'new');
  expect([read('target'), read('link'), isLink('link')]).toEqual(['mine', 'new', false]);
});

test('a folder and a socket are refused', async () => {
  const server = createServer().listen(at('socket'));
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  fs.mkdirSync(at('folder'));
  fs.symlinkSync('folder', at('link'));
  for (const [name, kind] of Object.entries({
    socket: 'socket',
    folder: 'folder',
    link: 'folder',
  })) {
    for (const refused of [requireWritable, (path: string) => writeOutput(path, '')]) {
      expect(() => refused(at(name))).toThrow(
        `cannot write ${at(name)}: it is a ${kind} where a file is needed; choose another path`,
      );
    }
  }
  expect(isStream(at('missing'))).toBe(false);
});
