import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { MOST_AGENTS, type StudyText } from '../watch/protocol.ts';
import { requirePort } from './port.ts';

/** What the server's process sends to the training's. */
export interface AddressMessage {
  readonly address: string;
}

/** What the training's process sends to the server's. */
export interface StudyTextMessage {
  readonly study: StudyText;
}

/** Anything less costs a training that takes every core more than the page is worth. */
const NICENESS = os.constants.priority.PRIORITY_LOW;

/** The option `--watch [port]`, as it was given. */
export type WatchOption = boolean | number | undefined;

/**
 * `timegrid watch` next to a training: a process that only reads the run folders and, once it is up, runs at the lowest
 * priority, so that it does not slow the training. It ends with this process, however that ends.
 */
export class WatchProcess {
  readonly #paths: readonly string[];
  readonly #option: WatchOption;
  readonly #note: (text: string) => void;
  readonly #found: readonly string[];
  #child: ChildProcess | undefined;
  #study: StudyText | undefined;
  #ended: Promise<void> = Promise.resolve();

  /**
   * @param note is given the page's address, or the reason why there is no page
   * @param found where the world and the pathway are, where they were named; or that the code that the runs name may be run
   */
  constructor(
    paths: readonly string[],
    option: WatchOption,
    note: (text: string) => void,
    {
      allowCode,
      ...found
    }: {
      readonly env?: string | undefined;
      readonly agent?: string | undefined;
      readonly allowCode?: boolean;
    } = {},
  ) {
    this.#paths = paths.slice(0, MOST_AGENTS);
    this.#option = option;
    this.#note = note;
    this.#found = Object.entries(found).flatMap(([name, where]) =>
      where === undefined ? [] : [`--${name}`, where],
    );
    if (allowCode) this.#found = [...this.#found, '--allow-code'];
  }

  /**
   * Makes sure that there can be a page, and says that there will be.
   * @throws UsageError or Failure for a port that cannot be used
   */
  async announce(): Promise<void> {
    if (!this.#option) return;
    await requirePort(typeof this.#option === 'number' ? this.#option : undefined);
    this.#note('the page is starting; its address follows');
  }

  /** Starts the server, once there is a run to watch; a second time is harmless. */
  begin(): void {
    if (!this.#option || this.#child) return;
    const cli = fileURLToPath(new URL('../cli/timegrid.js', import.meta.url));
    const port = typeof this.#option === 'number' ? ['--port', String(this.#option)] : [];
    const args = [cli, 'watch', '--wait', ...port, ...this.#found, ...this.#paths];
    // In its own process group, so that Ctrl-C reaches it only once: through this process.
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: true,
    });
    this.#child = child;
    let errors = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    // With a low priority from the start it would hardly come up next to a training that uses every core.
    child.on('message', ({ address }: AddressMessage) => {
      giveWay(child.pid!);
      this.#note(`Watch at ${address}`);
      if (this.#study) this.tell(this.#study);
    });
    // Node emits no `close` for a child whose channel was closed on this side.
    const exit = new Promise<void>((resolve) => {
      child.once('error', () => resolve()).once('exit', () => resolve());
    });
    const drained = new Promise<void>((resolve) => child.stderr!.once('close', resolve));
    this.#ended = Promise.all([exit, drained]).then(() => {
      if (errors) this.#note(errors.trim().replace(/^timegrid: /, 'the page failed: '));
    });
  }

  /** Tells the page, once it is up, how the study stands. */
  tell(study: StudyText): void {
    this.#study = study;
    // A server that has ended a moment ago takes nothing: without the callback that would end this process.
    if (this.#child?.connected) this.#child.send({ study } satisfies StudyTextMessage, () => {});
  }

  /** Keeps the page up until a signal asks for its end. @param onSignals calls its argument at the first signal */
  async stay(onSignals: (onFirst: () => void) => { release(): void }): Promise<void> {
    if (!this.#child) return;
    this.#note('the page stays open until Ctrl-C');
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

/** On Linux each thread has its own priority, inherited from the thread that starts it. */
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
