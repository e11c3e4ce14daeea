import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Failure } from '../../src/common/errors.ts';
import { lockFolder, settleLock } from '../../src/run/lock.ts';
import { machine } from '../../src/run/sign-of-life.ts';
import {
  createRun,
  replaceDescription,
  resumeRun,
  saveCheckpoint,
} from '../../src/run/training-run.ts';
import { checkpointAt } from './sample.ts';
import { temporaryFolder } from './temporary.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => void vi.restoreAllMocks());

const inLock = (...names: string[]) => join(folder, 'lock', ...names);
const owner = (...names: string[]) =>
  JSON.parse(fs.readFileSync(inLock(...names, 'owner.json'), 'utf8'));
const { pid } = process;
const isTrained = (by: string) => `${folder} is being trained by process ${by}; wait until it ends`;

/** From now on, this process runs on another machine. @returns makes the next lock's owner give a sign of life */
function moveTo(host: string): { beat(): void } {
  let beat = (): void => {};
  vi.spyOn(machine, 'boot').mockReturnValue(`boot of ${host}`);
  vi.spyOn(machine, 'host').mockReturnValue(host);
  vi.spyOn(machine, 'repeat').mockImplementation((_, action) => {
    beat = action;
    return () => {};
  });
  return { beat: () => beat() };
}

/** Waiting takes no time. @param action what happens in each second */
const whileWaiting = (action: () => void = () => {}) =>
  vi.spyOn(machine, 'wait').mockImplementation(async () => action());

async function lockSettled() {
  await settleLock(folder);
  return lockFolder(folder);
}

test('a lock holds until it is released, and leaves nothing behind', async () => {
  const lock = await lockSettled();
  const wait = whileWaiting();
  await expect(lockSettled()).rejects.toThrow(Failure);
  await expect(lockSettled()).rejects.toThrow(isTrained(`${pid}`));
  expect(wait).not.toHaveBeenCalled();
  lock.requireHeld();
  lock.release();
  expect(fs.readdirSync(folder)).toEqual([]);
  (await lockSettled()).release();
});

test('the socket works however long the folder’s path is', async () => {
  folder = join(
    folder,
    ...new Array(4).fill('a-name-of-fifty-letters-and-that-is-quite-a-long-one'),
  );
  fs.mkdirSync(folder, { recursive: true });
  const lock = lockFolder(folder);
  expect(owner().hasSocket).toBe(fs.existsSync('/proc/self/fd'));
  const wait = whileWaiting();
  await expect(lockSettled()).rejects.toThrow(isTrained(`${pid}`));
  expect(wait).not.toHaveBeenCalled();
  lock.release();
  expect(fs.readdirSync(folder)).toEqual([]);
});

describe('under another kernel', () => {
  test('an owner that gives a sign of life keeps its lock', async () => {
    const there = moveTo('elsewhere');
    lockFolder(folder);
    moveTo('here');
    let seconds = 0;
    whileWaiting(() => {
      seconds += 1;
      if (seconds === 11) there.beat();
    });
    const note = vi.fn();
    await settleLock(folder, note);
    expect(() => lockFolder(folder)).toThrow(isTrained(`${pid} on elsewhere`));
    expect(seconds).toBe(11);
    expect(note).toHaveBeenCalledExactlyOnceWith(
      `${folder} was locked by process ${pid} on elsewhere: waiting up to 12 s for a sign of life`,
    );
  });

  test('the lock of a silent owner is taken over, and it notices before it writes', async () => {
    const there = moveTo('elsewhere');
    const late = lockFolder(folder);
    moveTo('here');
    const wait = whileWaiting();
    expect(() => lockFolder(folder)).toThrow(Failure);
    const lock = await lockSettled();
    expect(wait).toHaveBeenCalledTimes(12);
    expect(owner(owner().token)).toMatchObject({ host: 'here', fence: 2 });
    there.beat();
    expect(() => late.requireHeld()).toThrow(
      `${folder} is no longer locked by this process (process ${pid} has taken it over, since this one gave no sign of life): nothing more is written to it`,
    );
    late.release();
    lock.requireHeld();
    lock.release();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('a training whose run was taken over writes nothing more to it', async () => {
    const path = join(folder, 'run');
    moveTo('elsewhere');
    const late = createRun(path, {});
    saveCheckpoint(late, checkpointAt(1));
    moveTo('here');
    whileWaiting();
    await settleLock(path);
    const { run } = resumeRun(path);
    run.metrics.append({ frames: 2 });
    const all = () =>
      fs
        .readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => [file, fs.readFileSync(file, 'latin1')]);
    const before = all();
    for (const write of [
      () => late.metrics.append({ frames: 3 }),
      () => late.events.append(3, { 'train/frames': 3 }, 3),
      () => saveCheckpoint(late, checkpointAt(3)),
      () => replaceDescription(late, { changed: true }),
    ]) {
      expect(write).toThrow(`${path} is no longer locked by this process (process ${pid} has`);
    }
    late.close();
    expect(all()).toEqual(before);
    saveCheckpoint(run, checkpointAt(2));
    run.close();
  });
});

test('where there is no socket, the owner is watched instead', async () => {
  const lock = lockFolder(folder);
  fs.rmSync(inLock('alive'));
  const wait = whileWaiting(() => {
    if (wait.mock.calls.length === 5) fs.writeFileSync(inLock('beat'), '7');
  });
  await expect(lockSettled()).rejects.toThrow(isTrained(`${pid}`));
  expect(wait).toHaveBeenCalledTimes(5);
  wait.mockImplementation(async () => {});
  const next = await lockSettled();
  expect(() => lock.requireHeld()).toThrow('has taken it over');
  next.release();
});

test('an owner that releases its lock while it is watched is followed at once', async () => {
  moveTo('elsewhere');
  const lock = lockFolder(folder);
  moveTo('here');
  const wait = whileWaiting(() => lock.release());
  (await lockSettled()).release();
  expect(wait).toHaveBeenCalledOnce();
});

test('a lock that was removed is lost', () => {
  const lock = lockFolder(folder);
  fs.rmSync(inLock(), { recursive: true });
  expect(() => lock.requireHeld()).toThrow(
    `${folder} is no longer locked by this process (somebody has removed its lock)`,
  );
  const next = lockFolder(folder);
  lock.release();
  next.requireHeld();
  next.release();
  expect(fs.readdirSync(folder)).toEqual([]);
});

describe('a damaged lock is one sentence:', () => {
  const record = {
    ...{ pid: 1, boot: null, host: 'elsewhere', device: 1, hasSocket: false, fence: 1 },
    token: '5d0d3c3e-7d51-4b53-9f2c-0a4f0a3f7c11',
  };
  const write = (content: object, ...names: string[]) => {
    fs.mkdirSync(inLock(...names), { recursive: true });
    fs.writeFileSync(inLock(...names, 'owner.json'), JSON.stringify(content));
  };
  const loop = () => {
    write(record);
    write({ ...record, fence: 2 }, record.token);
  };
  const pipe = () => {
    fs.mkdirSync(inLock());
    execFileSync('mkfifo', [inLock('owner.json')]);
  };

  test.each<[string, string, () => void]>([
    ['nothing in it', 'owner.json', () => write({})],
    ['a word for a number', 'owner.json', () => write({ ...record, pid: 'one' })],
    ['too much in it', 'owner.json', () => write({ ...record, more: 'x'.repeat(3000) })],
    ['a host that clears the screen', 'owner.json', () => write({ ...record, host: '\x1b[2J' })],
    ['a path for a token', 'owner.json', () => write({ ...record, token: '../..' })],
    ['an owner after itself', `${record.token}/owner.json`, loop],
    ['a pipe for an owner', 'owner.json', pipe],
    ['no owner', '', () => void fs.mkdirSync(inLock('else'), { recursive: true })],
    ['a file', '', () => fs.writeFileSync(inLock(), '')],
    ['a link', '', () => fs.symlinkSync('..', inLock())],
  ])('%s', async (_, name, make) => {
    make();
    whileWaiting();
    await expect(lockSettled()).rejects.toThrow(Failure);
    await expect(lockSettled()).rejects.toThrow(
      `${inLock(name)} is damaged; if no process trains this run, remove ${inLock()}`,
    );
  });

  test('but an empty one is none', async () => {
    fs.mkdirSync(inLock());
    (await lockSettled()).release();
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
