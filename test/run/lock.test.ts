import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { Failure } from '../../src/errors.ts';
import { lockFolder } from '../../src/run/lock.ts';
import { temporaryFolder } from './temporary.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const ownerFile = () => join(folder, 'lock', 'owner.json');
const readOwner = () => JSON.parse(fs.readFileSync(ownerFile(), 'utf8'));
function lockAs(owner: object): void {
  fs.mkdirSync(join(folder, 'lock'));
  fs.writeFileSync(ownerFile(), JSON.stringify(owner));
}

test('a lock holds until it is released, and leaves nothing behind', () => {
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(Failure);
  expect(() => lockFolder(folder)).toThrow(
    `${folder} is being trained by process ${process.pid}; wait until it ends or stop it`,
  );
  unlock();
  expect(fs.readdirSync(folder)).toEqual([]);
  lockFolder(folder)();
});

test('the lock of a process that is gone is taken over', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'close');
  lockAs({ pid: child.pid, host: hostname(), started: null });
  const unlock = lockFolder(folder);
  expect(readOwner().pid).toBe(process.pid);
  unlock();
});

test('the lock of a process on another machine holds, and the sentence says how to lift it', () => {
  lockAs({ pid: 1, host: 'elsewhere', started: null });
  expect(() => lockFolder(folder)).toThrow(/by process 1 on elsewhere; .* remove .*\/lock\)$/);
});

test.runIf(fs.existsSync('/proc/self/stat'))(
  'a later process with the same number does not hold the lock of the earlier one',
  () => {
    const unlock = lockFolder(folder);
    const { started, ...me } = readOwner();
    expect(started).toMatch(/^[0-9a-f-]{36} \d+$/);
    unlock();
    lockAs({ ...me, started: started.replace(/\d+$/, '1') });
    lockFolder(folder)();
    expect(fs.readdirSync(folder)).toEqual([]);
  },
);

test('releasing a lock that another process has taken over leaves that one alone', () => {
  const unlock = lockFolder(folder);
  fs.rmSync(join(folder, 'lock'), { recursive: true });
  lockAs({ pid: 1, host: 'elsewhere', started: null });
  unlock();
  expect(readOwner().host).toBe('elsewhere');
});

test('a damaged lock is named', () => {
  lockAs({});
  fs.writeFileSync(ownerFile(), '');
  expect(() => lockFolder(folder)).toThrow(`${ownerFile()} is damaged`);
});
