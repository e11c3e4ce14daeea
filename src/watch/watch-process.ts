import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { requirePort } from './port.ts';
import { MOST_AGENTS } from './protocol.ts';

/** What the server's process tells the one that trains. */
export interface AddressMessage {
  readonly address: string;
}

/** Anything less costs a training that takes every core more than the page is worth. */
const NICENESS = os.constants.priority.PRIORITY_LOW;

/** The option `--watch [port]`, as it was given. */
export type WatchOption = boolean | number | undefined;

/**
 * `timegrid watch` beside a training: a process of its own that only reads the run folders and, once it is up, gives way to
 * everything else, so that training is not slowed. It ends with this process, whatever becomes of it.
 */
export class WatchProcess {
  readonly #paths: readonly string[];
  readonly #wish: WatchOption;
  readonly #port: number | undefined;
  readonly #note: (text: string) => void;
  readonly #env: string | undefined;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();

  /**
   * @param note is told the page's address, or why there is none
   * @param env where the world is now, for one that has been moved
   */
  constructor(
    paths: readonly string[],
    wish: WatchOption,
    note: (text: string) => void,
    env?: string,
  ) {
    this.#paths = paths.slice(0, MOST_AGENTS);
    this.#wish = wish;
    this.#port = typeof wish === 'number' ? wish : undefined;
    this.#note = note;
    this.#env = env;
  }

  /**
   * Makes sure that there can be a page, and says that there will be.
   * @throws UsageError or Failure for a port that cannot be had
   */
  async announce(): Promise<void> {
    if (!this.#wish) return;
    await requirePort(this.#port);
    this.#note('the page is coming up, and its address follows');
  }

  /** Starts the server, once there is a run to watch; a second time is harmless. */
  begin(): void {
    if (!this.#wish || this.#child) return;
    const cli = fileURLToPath(new URL('../cli/timegrid.js', import.meta.url));
    const port = this.#port === undefined ? [] : ['--port', String(this.#port)];
    const env = this.#env === undefined ? [] : ['--env', this.#env];
    // In a process group of its own, so that a Ctrl-C reaches it once: from here.
    const child = spawn(
      process.execPath,
      [cli, 'watch', '--wait', ...port, ...env, ...this.#paths],
      {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        detached: true,
      },
    );
    this.#child = child;
    let complaint = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    // Given way from the start, it would not even come up beside a training that takes every core.
    child.on('message', ({ address }: AddressMessage) => {
      giveWay(child.pid!);
      this.#note(`watch it at ${address}`);
    });
    // Of a child with a channel that was closed from here, Node tells no `close`.
    const exit = new Promise<void>((resolve) => {
      child.once('error', () => resolve()).once('exit', () => resolve());
    });
    const silence = new Promise<void>((resolve) => child.stderr!.once('close', resolve));
    this.#ended = Promise.all([exit, silence]).then(() => {
      if (complaint) this.#note(complaint.trim().replace(/^timegrid: /, 'nothing to watch: '));
    });
  }

  /** Keeps the page up until a signal asks for its end. @param onSignals calls its argument at the first signal */
  async stay(onSignals: (onFirst: () => void) => { release(): void }): Promise<void> {
    if (!this.#child) return;
    this.#note('the page stays until Ctrl-C');
    const signals = onSignals(() => void this.end());
    await this.#ended;
    signals.release();
  }

  /** Ends the server. Either this or `stay` must be called, or the process does not end by itself. */
  async end(): Promise<void> {
    if (this.#child?.connected) this.#child.disconnect();
    await this.#ended;
  }
}

function giveWay(pid: number): void {
  for (const thread of threadsOf(pid)) ifItCan(() => os.setPriority(thread, NICENESS));
  // Where Linux shares time out among sessions first, a process counts little only within its own: this is for the session.
  ifItCan(() => fs.writeFileSync(`/proc/${pid}/autogroup`, String(NICENESS)));
}

/** Linux gives each thread a priority of its own; a new one has that of the thread that it comes from. */
function threadsOf(pid: number): number[] {
  try {
    return fs.readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}

/** A system that does not have it, or does not allow it, runs a process like any other. */
function ifItCan(action: () => void): void {
  try {
    action();
  } catch {}
}
