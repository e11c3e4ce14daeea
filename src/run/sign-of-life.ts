import fs from 'node:fs';
import { connect, createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readText } from '../common/read-file.ts';

/** What shows that the holder of a lock is alive: a socket, which dies with its process, and a file that it keeps changing. */
const socketFile = 'alive';
const beatFile = 'beat';

/** Milliseconds between two changes of the file, and how many without a change mean that its holder is dead. */
export const BEAT = 2_000;
export const SILENCE = 12_000;

/** The longest path of a socket, in bytes: 108 on Linux, 104 elsewhere, with a zero at the end. */
const LONGEST_SOCKET = 103;

/** The kernel and the clock. Tests replace them. */
export const machine = {
  /** Identifies the running kernel, the same in all its containers; null where the system does not say. */
  boot(): string | null {
    try {
      return readText('/proc/sys/kernel/random/boot_id', 100).trim();
    } catch {
      return null;
    }
  },
  /** The name of this machine, in printable characters. */
  host: (): string => hostname().replace(/[^\x21-\x7e]/g, '?'),
  wait: (milliseconds: number): Promise<unknown> => wait(milliseconds),
  /** @returns stops it; the process may end all the same */
  repeat(milliseconds: number, action: () => void): () => void {
    const timer = setInterval(action, milliseconds).unref();
    return () => clearInterval(timer);
  },
};

/** Where a process gives its sign of life, and how. */
export interface Sign {
  readonly boot: string | null;
  readonly host: string;
  /** The file system of the folder: its sockets can be asked only where it is the same one. */
  readonly device: number;
  /** Some file systems have none. */
  readonly hasSocket: boolean;
}

/** A sign of life in a folder, until it is stopped or the process ends. */
export class SignOfLife {
  readonly sign: Sign;
  readonly #server = createServer((client) => client.destroy()).on('error', () => {});
  readonly #folder: SocketFolder;
  #stopBeating = (): void => {};
  #beats = 0;

  constructor(folder: string) {
    fs.writeFileSync(join(folder, beatFile), '0');
    this.#folder = new SocketFolder(folder);
    if (this.#folder.socket !== undefined) this.#server.listen(this.#folder.socket).unref();
    this.sign = {
      boot: machine.boot(),
      host: machine.host(),
      device: fs.statSync(folder).dev,
      // A socket in a folder is bound before `listen` returns.
      hasSocket: this.#server.listening,
    };
  }

  /** @param folder where the folder is now */
  begin(folder: string): void {
    this.#stopBeating = machine.repeat(BEAT, () => {
      this.#beats += 1;
      try {
        fs.writeFileSync(join(folder, beatFile), String(this.#beats), { flag: 'r+' });
      } catch {}
    });
  }

  /** Removes the socket, wherever the folder is now. */
  stop(): void {
    this.#stopBeating();
    this.#server.close();
    this.#folder.close();
  }
}

/**
 * Whether the process that gave a sign of life in a folder is alive.
 * @param onWait called before a wait of up to `SILENCE`
 */
export async function isAlive(folder: string, sign: Sign, onWait: () => void): Promise<boolean> {
  const isHere =
    sign.boot === machine.boot() &&
    (sign.boot !== null || sign.host === machine.host()) &&
    sign.device === fs.statSync(folder, { throwIfNoEntry: false })?.dev;
  return (isHere && sign.hasSocket ? await askSocket(folder) : undefined) ?? beats(folder, onWait);
}

/** Whether a process listens: the kernel knows. Undefined where it does not say. */
async function askSocket(path: string): Promise<boolean | undefined> {
  if (!fs.existsSync(join(path, socketFile))) return undefined;
  const folder = new SocketFolder(path);
  return new Promise<boolean | undefined>((resolve) => {
    if (folder.socket === undefined) return resolve(undefined);
    const client = connect(folder.socket, () => {
      client.destroy();
      resolve(true);
    });
    client.on('error', ({ code }: NodeJS.ErrnoException) => {
      // EAGAIN: its queue of connections is full, as that of a stopped process is when many have asked it.
      resolve(code === 'ECONNREFUSED' ? false : code === 'EAGAIN' ? true : undefined);
    });
  }).finally(() => folder.close());
}

/** Watches the file by this process's own clock: those of two machines may differ. */
async function beats(folder: string, onWait: () => void): Promise<boolean> {
  const before = readBeat(folder);
  onWait();
  for (let waited = 0; waited < SILENCE; waited += 1000) {
    await machine.wait(1000);
    if (readBeat(folder) !== before) return true;
  }
  return false;
}

function readBeat(folder: string): string | undefined {
  try {
    return readText(join(folder, beatFile), 100);
  } catch {
    return undefined;
  }
}

/** A short way to a folder's socket, however long the folder's path is. */
class SocketFolder {
  /** Undefined where there is none. */
  readonly socket: string | undefined;
  readonly #descriptor: number | undefined;

  constructor(folder: string) {
    const path = join(folder, socketFile);
    if (fs.existsSync('/proc/self/fd')) {
      this.#descriptor = fs.openSync(folder, 'r');
      this.socket = `/proc/self/fd/${this.#descriptor}/${socketFile}`;
    } else if (process.platform !== 'win32' && Buffer.byteLength(path) <= LONGEST_SOCKET) {
      this.socket = path;
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) fs.closeSync(this.#descriptor);
  }
}
