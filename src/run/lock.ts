import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { Failure, isSystemError, reportingSystemErrors } from '../common/errors.ts';
import { temporaryBeside } from '../common/replace-file.ts';
import { readJsonObject } from './json.ts';

/** The lock's name in a run's folder. */
export const lockName = 'lock';
const ownerFile = 'owner.json';

const ownerSchema = z.strictObject({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process started; `null` where the system does not say. */
  started: z.string().nullable(),
  /** Identifies this lock. */
  token: z.string().regex(/^[0-9a-f-]+$/),
});

/** A process that locked a folder; its start tells it from a later process with the same number. */
type Owner = z.infer<typeof ownerSchema>;

/**
 * Locks a run's folder for this process. The lock of a process that has died, by SIGKILL too, is taken over.
 *
 * The lock is a folder with a file that names its first owner. A process that finds an owner dead puts its own file into a
 * folder within, named by the dead owner's token. A rename puts each in place, and a rename never replaces a folder that is
 * not empty: of several processes that try at once, one succeeds.
 *
 * @returns a function that unlocks
 * @throws Failure if a live process holds the lock, or the folder cannot be written
 */
export function lockFolder(folder: string): () => void {
  const lock = join(folder, lockName);
  const { pid } = process;
  const started = startOf(pid)?.moment ?? null;
  const me: Owner = { pid, host: hostname(), started, token: randomUUID() };
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const holder = findHolder(lock);
    if (holder?.token === me.token) return () => release(folder, lock, me);
    if (holder !== undefined && isAlive(holder)) throw new Failure(refusal(folder, lock, holder));
    const place = holder === undefined ? lock : join(lock, holder.token);
    reportingSystemErrors('lock', folder, () => tryToPlace(me, place, lock));
  }
  throw new Failure(`cannot lock ${folder}: other processes keep locking it; wait for them to end`);
}

/** The latest owner; `undefined` if the folder is not locked. */
function findHolder(lock: string): Owner | undefined {
  let holder = readOwner(lock);
  for (let next = holder; next !== undefined; next = readOwner(join(lock, next.token)))
    holder = next;
  return holder;
}

function readOwner(place: string): Owner | undefined {
  const path = join(place, ownerFile);
  try {
    return ownerSchema.parse(readJsonObject(path));
  } catch (cause) {
    const reason = (cause as Error).cause;
    if (isSystemError(reason) && reason.code === 'ENOENT') return undefined;
    const message = `${path} is damaged; if no process trains this run, remove ${place}`;
    throw new Failure(message, { cause });
  }
}

/** Puts an owner's file in place, unless another process is faster. */
function tryToPlace(owner: Owner, place: string, lock: string): void {
  const temporary = temporaryBeside(lock);
  try {
    fs.mkdirSync(temporary);
    fs.writeFileSync(join(temporary, ownerFile), JSON.stringify(owner), { flush: true });
    fs.renameSync(temporary, place);
  } catch (error) {
    fs.rmSync(temporary, { recursive: true, force: true });
    // The faster one may also have released its lock, or cleared the temporary folder away.
    const lost = isSystemError(error) && (error.syscall === 'rename' || error.code === 'ENOENT');
    if (!lost || !fs.existsSync(dirname(lock))) throw error;
  }
}

/** Removes the lock in one step, unless it is no longer this owner's. */
function release(folder: string, lock: string, owner: Owner): void {
  if (findHolder(lock)?.token !== owner.token) return;
  const aside = temporaryBeside(lock);
  reportingSystemErrors('unlock', folder, () => {
    fs.renameSync(lock, aside);
    fs.rmSync(aside, { recursive: true, force: true });
  });
}

function refusal(folder: string, lock: string, { pid, host }: Owner): string {
  const where = host === hostname() ? '' : ` on ${host}`;
  return (
    `${folder} is being trained by process ${pid}${where}; wait until it ends or stop it` +
    (where && ` (if it is gone, remove ${basename(folder)}/${basename(lock)})`)
  );
}

/** Whether the process that `owner` describes is running. One on another machine is assumed to be. */
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

/** When a process started and whether it is a zombie; `undefined` where the system is not Linux. */
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
