import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseJson } from '../../src/common/parse-json.ts';
import { readBytes, readPieces, readText } from '../../src/common/read-file.ts';
import { temporaryFolder } from '../run/temporary.ts';

test('reads a file as it is, and one of the system that claims to be empty', () => {
  const path = join(temporaryFolder(), 'größe.txt');
  fs.writeFileSync(path, 'größer\n');
  expect(readText(path)).toBe('größer\n');
  fs.writeFileSync(path, '');
  expect(readText(path)).toBe('');
  if (fs.existsSync('/proc/self/status')) expect(readText('/proc/self/status')).toMatch(/^Name:/);
});

test('refuses what is no regular file without waiting for it', () => {
  const folder = temporaryFolder();
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const link = join(folder, 'link');
  fs.symlinkSync('/dev/zero', link);
  const kinds = {
    [folder]: 'a folder',
    [pipe]: 'a pipe',
    '/dev/zero': 'a device',
    [link]: 'a device',
  };
  for (const [path, kind] of Object.entries(kinds)) {
    const refusal = `cannot read ${path}: it is ${kind} where a file is needed; choose another path`;
    expect(() => readBytes(path)).toThrow(
      expect.objectContaining({ name: 'Failure', message: refusal }),
    );
    expect(() => readPieces(path, 0, 1, () => {})).toThrow(refusal);
  }
  expect(() => readText(join(folder, 'missing'))).toThrow(
    'it, or a folder above it, does not exist; check the spelling',
  );
});

test('refuses a file beyond its limit before it is read', () => {
  const path = join(temporaryFolder(), 'large');
  fs.writeFileSync(path, 'x'.repeat(2048));
  expect(readText(path, 2048)).toHaveLength(2048);
  expect(() => readText(path, 1024)).toThrow(
    `${path} is larger than 1 KiB, the most that is read of such a file; check that it is the right one`,
  );
  fs.truncateSync(path, 2 ** 42);
  expect(() => readBytes(path)).toThrow('is larger than 1024 MiB');
});

test('reads a part of a file of any size in pieces', () => {
  const path = join(temporaryFolder(), 'log');
  fs.writeFileSync(path, 'one two three');
  const parts: string[] = [];
  readPieces(path, 4, 7, (piece) => parts.push(piece.toString()));
  readPieces(path, 8, 2 ** 42, (piece) => parts.push(piece.toString()));
  expect(parts).toEqual(['two', 'three']);
});

test('JSON is parsed, unless it is nested so deep that its reader would run out of stack', () => {
  expect(parseJson('{"a":[1,{"b":"]}[[\\"{"}]}')).toEqual({ a: [1, { b: ']}[["{' }] });
  const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}0${'}]'.repeat(depth / 2)}`;
  expect(() => parseJson(nested(100))).not.toThrow();
  for (const text of [nested(102), nested(200_000), '['.repeat(200_000)]) {
    expect(() => parseJson(text)).toThrow('it is nested more than 100 deep');
  }
});

test('what is not JSON is refused without its control characters', () => {
  expect(() => parseJson('{"a": \u001b[31m}')).toThrow(/^[^\p{Cc}]+$/u);
});
