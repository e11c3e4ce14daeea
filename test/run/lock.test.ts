import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { Failure } from '../../src/common/errors.ts';
import { lockFolder } from '../../src/run/lock.ts';
import { temporaryFolder } from './temporary.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

const ownerFile = () => join(folder, 'lock', 'owner.json');
const readOwner = (token = '') =>
  JSON.parse(fs.readFileSync(join(folder, 'lock', token, 'owner.json'), 'utf8'));
function lockAs(owner: object): void {
  fs.mkdirSync(join(folder, 'lock'));
  fs.writeFileSync(ownerFile(), JSON.stringify({ token: 'a', ...owner }));
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
  expect(readOwner('a').pid).toBe(process.pid);
  expect(() => lockFolder(folder)).toThrow(`by process ${process.pid};`);
  unlock();
});

test('of many processes that find the lock of a dead one, one gets it', async () => {
  lockAs({ pid: 2 ** 30, host: hostname(), started: null });
  const program = `
    import { lockFolder } from '${new URL('../../dist/src/run/lock.js', import.meta.url)}';
    console.log('ready');
    process.stdin.once('data', () => {
      try { lockFolder('${folder}'); console.log('locked'); }
      catch (error) { console.log(error.message); }
    });`;
  const racers = Array.from({ length: 6 }, () => {
    const racer = spawn(process.execPath, ['--input-type=module', '-e', program]);
    onTestFinished(() => void racer.kill('SIGKILL'));
    return racer;
  });
  const everyonesWord = () =>
    Promise.all(racers.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()));
  expect(new Set(await everyonesWord())).toEqual(new Set(['ready']));
  const answers = everyonesWord();
  for (const { stdin } of racers) stdin.write('go');
  const lost = (await answers).filter((answer) => answer !== 'locked');
  expect(lost).toHaveLength(racers.length - 1);
  const holder = `${folder} is being trained by process ${readOwner('a').pid}; wait until it ends or stop it`;
  expect(new Set(lost)).toEqual(new Set([holder]));
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
