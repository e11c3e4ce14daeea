import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { Failure, isSystemError, reportingSystemErrors, saysMissing } from '../common/errors.ts';
import { parseJson } from '../common/parse-json.ts';
import { readText } from '../common/read-file.ts';
import { syncFolder, temporaryBeside } from '../common/replace-file.ts';
import { isAlive, machine, SILENCE, SignOfLife } from './sign-of-life.ts';

/** The lock's name in a run's folder. */
export const lockName = 'lock';
const ownerFile = 'owner.json';
const LARGEST_OWNER = 2_000;

const ownerSchema = z.strictObject({
  pid: z.int().positive(),
  boot: z.string().nullable(),
  host: z.string().regex(/^[\x21-\x7e]+$/),
  device: z.number(),
  hasSocket: z.boolean(),
  /** Identifies this lock. */
  token: z.uuid(),
  /** Which owner of the lock it is: 1 for the first, one more each time that the lock of a dead one is taken over. */
  fence: z.int().positive(),
});

type Owner = z.infer<typeof ownerSchema>;

/** The tokens of owners that this process has found dead. */
const dead = new Set<string>();

/** What is locked, where a folder holds more than one lock. */
interface Locked {
  /** The lock's name in the folder. */
  readonly name: string;
  /** What errors say is being trained. */
  readonly path: string;
}

/** Another process holds a lock. */
export class HeldElsewhere extends Failure {}

/** A folder that this process has locked. */
export interface Lock {
  /**
   * To be called right before each write to what is locked.
   * @throws Failure if the lock is no longer this process's: it was thought dead, or somebody has removed the lock
   */
  requireHeld(): void;
  /** Unlocks it, unless the lock is no longer this process's. */
  release(): void;
}

/**
 * Finds out whether the owner of a folder's lock is alive, so that {@link lockFolder} can take the lock of a dead one over. The
 * kernel tells at once; an owner under another kernel, in another machine or before a restart, is watched for a while.
 * @param onNote called with a sentence before a wait
 * @param locked the folder's own lock by default
 * @throws Failure if the lock is damaged
 */
export async function settleLock(
  folder: string,
  onNote: (sentence: string) => void = () => {},
  { name, path }: Locked = { name: lockName, path: folder },
): Promise<void> {
  for (;;) {
    if (!isFolder(folder)) return;
    const holder = findHolder(join(folder, name));
    if (holder === undefined || dead.has(holder.owner.token)) return;
    const { owner, place } = holder;
    const onWait = () =>
      onNote(
        `${path} was locked by ${nameOf(owner)}: waiting up to ${SILENCE / 1000} s for a sign of life`,
      );
    if (fs.existsSync(place) && (await isAlive(place, owner, onWait))) return;
    dead.add(owner.token);
  }
}

/**
 * Locks a run's folder for this process. The lock of a process that {@link settleLock} has found dead is taken over.
 *
 * The lock is a folder with a file that names its first owner. A process that finds an owner dead puts its own file into a
 * folder within, named by the dead owner's token. A rename puts each in place, and a rename never replaces a folder that is
 * not empty: of several processes that try at once, one succeeds.
 *
 * @param locked the folder's own lock by default
 * @throws HeldElsewhere if another process holds the lock; Failure if the folder cannot be written
 */
export function lockFolder(
  folder: string,
  { name, path }: Locked = { name: lockName, path: folder },
): Lock {
  const lock = join(folder, name);
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const holder = findHolder(lock);
    if (holder && !dead.has(holder.owner.token)) {
      throw new HeldElsewhere(refusal(path, holder.owner));
    }
    const place = holder ? join(lock, holder.owner.token) : lock;
    const fence = holder ? holder.owner.fence + 1 : 1;
    const held = reportingSystemErrors('lock', path, () => tryToPlace(lock, place, fence));
    if (held) return new HeldLock(path, lock, place, held);
  }
  if (!findHolder(lock) && fs.existsSync(lock)) throw new Failure(damage(lock, lock));
  throw new Failure(`cannot lock ${path}: other processes keep locking it; wait for them to end`);
}

/** The latest owner and its folder; `undefined` if the folder is not locked. @throws Failure if the lock is damaged */
function findHolder(lock: string): { owner: Owner; place: string } | undefined {
  if (fs.lstatSync(lock, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new Failure(damage(lock, lock));
  }
  let place = lock;
  let owner = readOwner(lock, place);
  while (owner !== undefined) {
    const inner = join(lock, owner.token);
    const next = readOwner(lock, inner);
    if (next === undefined) return { owner, place };
    // Counting ends chains that lead back to themselves.
    if (next.fence !== owner.fence + 1) throw new Failure(damage(join(inner, ownerFile), lock));
    [owner, place] = [next, inner];
  }
  return undefined;
}

function readOwner(lock: string, place: string): Owner | undefined {
  const path = join(place, ownerFile);
  try {
    return ownerSchema.parse(parseJson(readText(path, LARGEST_OWNER)));
  } catch (cause) {
    if (saysMissing(cause)) return undefined;
    throw new Failure(damage(path, lock), { cause });
  }
}

/** An owner that is in place, and its sign of life. */
interface Placed {
  readonly owner: Owner;
  readonly sign: SignOfLife;
}

/** Puts this process in place as the owner of a lock, unless another one is faster. */
function tryToPlace(lock: string, place: string, fence: number): Placed | undefined {
  const temporary = temporaryBeside(lock);
  let sign: SignOfLife | undefined;
  try {
    fs.mkdirSync(temporary);
    sign = new SignOfLife(temporary);
    const owner: Owner = { pid: process.pid, ...sign.sign, token: randomUUID(), fence };
    fs.writeFileSync(join(temporary, ownerFile), JSON.stringify(owner), { flush: true });
    syncFolder(temporary);
    fs.renameSync(temporary, place);
    sign.begin(place);
    return { owner, sign };
  } catch (error) {
    sign?.stop();
    fs.rmSync(temporary, { recursive: true, force: true });
    // The faster one may also have released its lock, or cleared the temporary folder away.
    const lost = isSystemError(error) && (error.syscall === 'rename' || error.code === 'ENOENT');
    if (!lost || !fs.existsSync(dirname(lock))) throw error;
    return undefined;
  }
}

class HeldLock implements Lock {
  readonly #path: string;
  readonly #lock: string;
  readonly #place: string;
  readonly #owner: Owner;
  readonly #sign: SignOfLife;
  #isReleased = false;

  constructor(path: string, lock: string, place: string, { owner, sign }: Placed) {
    this.#path = path;
    this.#lock = lock;
    this.#place = place;
    this.#owner = owner;
    this.#sign = sign;
  }

  requireHeld(): void {
    const next = readOwner(this.#lock, join(this.#lock, this.#owner.token));
    const isMine = readOwner(this.#lock, this.#place)?.token === this.#owner.token;
    if (isMine && !next) return;
    const why = next
      ? `${nameOf(next)} has taken it over, since this one gave no sign of life`
      : 'somebody has removed its lock';
    throw new Failure(
      `${this.#path} is no longer locked by this process (${why}): nothing more is written to it`,
    );
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    try {
      if (findHolder(this.#lock)?.owner.token !== this.#owner.token) return;
      const aside = temporaryBeside(this.#lock);
      reportingSystemErrors('unlock', this.#path, () => {
        fs.renameSync(this.#lock, aside);
        // After a power loss, the lock must not be there without what was in it.
        syncFolder(dirname(this.#lock));
        fs.rmSync(aside, { recursive: true, force: true });
      });
    } finally {
      this.#sign.stop();
    }
  }
}

/** Whatever else is wrong with a path, making the folder reports. */
function isFolder(path: string): boolean {
  try {
    fs.accessSync(join(path, '.'), fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const nameOf = ({ pid, boot, host }: Owner): string =>
  `process ${pid}${boot === machine.boot() && host === machine.host() ? '' : ` on ${host}`}`;

const refusal = (path: string, owner: Owner): string =>
  `${path} is being trained by ${nameOf(owner)}; wait until it ends or stop it`;

const damage = (path: string, lock: string): string =>
  `${path} is damaged; if no process trains this run, remove ${lock}`;
