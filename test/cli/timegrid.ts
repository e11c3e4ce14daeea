import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { main } from '../../dist/src/cli/main.js';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

/** The compiled command line at work in this process, without a terminal. */
export class Running {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Outcome>;
  readonly #signals = new EventEmitter();
  #isOver = false;

  constructor(args: readonly string[]) {
    const stream = (name: 'stdout' | 'stderr') => ({
      write: (text: string) => {
        this[name] += text;
      },
    });
    const streams = { stdout: stream('stdout'), stderr: stream('stderr') };
    this.ended = main(args, Object.assign(this.#signals, streams)).then((exitCode) => {
      this.#isOver = true;
      return { stdout: this.stdout, stderr: this.stderr, exitCode };
    });
  }

  /** Waits until something is so, as long as the command runs. */
  async until(what: () => boolean): Promise<void> {
    while (!what()) {
      if (this.#isOver) throw new Error(`it ended too soon: ${this.stderr}`);
      await sleep(2);
    }
  }

  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): Promise<Outcome> {
    this.#signals.emit(name);
    return this.ended;
  }
}

/** Runs the compiled command line in this process, to its end. */
export function timegrid(args: readonly string[]): Promise<Outcome> {
  return new Running(args).ended;
}

/** Runs a command line that must fail with one sentence and no output. @returns the sentence */
export async function refusal(args: readonly string[], exitCode: 1 | 2 = 2): Promise<string> {
  const outcome = await timegrid(args);
  expect(outcome).toMatchObject({ stdout: '', exitCode });
  expect(outcome.stderr).toMatch(/^timegrid: [^\n]+\n$/);
  return outcome.stderr.slice('timegrid: '.length, -1);
}
