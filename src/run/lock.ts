import fs from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Failure, isSystemError, reportingSystemErrors } from '../errors.ts';
import { temporaryBeside } from './atomic.ts';
import { readJsonObject } from './json.ts';

/** The lock's name in a run's folder: a folder that holds one file saying who locked it. */
export const lockName = 'lock';
const ownerFile = 'owner.json';

/** A process, so described that a later one with the same number is not taken for it. */
interface Owner {
  pid: number;
  host: string;
  /** The moment the process started, or `null` where the system does not tell. */
  started: string | null;
}

/**
 * Locks a run's folder for this process. The lock of a process that has died, by SIGKILL too, is taken over.
 *
 * A rename puts the lock in place, and no rename replaces a folder that is not empty: of several
 * processes that try at once, one succeeds.
 *
 * @returns a function that unlocks
 * @throws {Failure} if a live process holds the lock, or the folder cannot be written
 */
export function lockFolder(folder: string): () => void {
  const lock = join(folder, lockName);
  const me = { pid: process.pid, host: hostname(), started: startOf(process.pid)?.moment ?? null };
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (reportingSystemErrors('lock', folder, () => place(lock, me))) {
      return () => reportingSystemErrors('unlock', folder, () => release(lock, me));
    }
    const owner = readOwner(lock);
    if (owner === undefined) continue;
    if (isAlive(owner)) throw new Failure(refusal(folder, lock, owner));
    reportingSystemErrors('unlock', folder, () => release(lock, owner));
  }
  throw new Failure(`cannot lock ${folder}: other processes keep locking it; wait for them to end`);
}

/** Tries to put a lock in place. @returns whether it was free */
function place(lock: string, owner: Owner): boolean {
  const temporary = temporaryBeside(lock);
  try {
    fs.mkdirSync(temporary);
    fs.writeFileSync(join(temporary, ownerFile), JSON.stringify(owner), { flush: true });
    fs.renameSync(temporary, lock);
    return true;
  } catch (error) {
    fs.rmSync(temporary, { recursive: true, force: true });
    if (fs.existsSync(lock)) return false;
    // The owner of the lock may just have cleaned up this temporary folder and gone.
    if (isSystemError(error) && error.code === 'ENOENT' && fs.existsSync(dirname(lock)))
      return false;
    throw error;
  }
}

/** @returns who holds a lock, or `undefined` if it has been released meanwhile */
function readOwner(lock: string): Owner | undefined {
  const path = join(lock, ownerFile);
  try {
    return readJsonObject(path) as unknown as Owner;
  } catch (error) {
    if (!fs.existsSync(path)) return undefined;
    throw error;
  }
}

/** Removes an owner's lock in one step, unless another process has taken it over since. */
function release(lock: string, owner: Owner): void {
  const aside = temporaryBeside(lock);
  try {
    fs.renameSync(lock, aside);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return;
    throw error;
  }
  const moved = readOwner(aside);
  if (moved?.pid === owner.pid && moved.started === owner.started) {
    fs.rmSync(aside, { recursive: true, force: true });
  } else {
    fs.renameSync(aside, lock);
  }
}

function refusal(folder: string, lock: string, { pid, host }: Owner): string {
  const where = host === hostname() ? '' : ` on ${host}`;
  return (
    `${folder} is being trained by process ${pid}${where}; wait until it ends or stop it` +
    (where && ` (if it is gone, remove ${basename(folder)}/${basename(lock)})`)
  );
}

/** Whether the very process that `owner` describes runs. One on another machine is taken to. */
function isAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(owner.pid);
  if (now === undefined || owner.started === null) return true;
  return !now.isDefunct && now.moment === owner.started;
}

/** When a process started and whether it is dead but not yet collected; `undefined` but on Linux. */
function startOf(pid: number): { moment: string; isDefunct: boolean } | undefined {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the second field is a name in parentheses that may hold anything; 3 is the state, 22 the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { moment: `${boot} ${fields[22 - 3]}`, isDefunct: /^[ZXx]/.test(fields[0] ?? '') };
  } catch {
    return undefined;
  }
}
