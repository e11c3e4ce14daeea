import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const cli = fileURLToPath(new URL('../../dist/src/cli/timegrid.js', import.meta.url));

const started: ChildProcess[] = [];
afterAll(() => {
  for (const process of started) process.kill('SIGKILL');
});

export interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The compiled command line at work, to be watched and stopped. It does not outlive the tests. */
export class Program {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ending>;
  stdout = '';
  stderr = '';

  /** @param shell a line of the shell in which `"$@"` is the command line */
  constructor(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    shell = 'exec "$@"',
    interpreter = 'sh',
  ) {
    const { TIMEGRID_DEBUG: _, ...inherited } = process.env;
    this.process = spawn(interpreter, ['-c', shell, 'sh', process.execPath, cli, ...args], {
      env: { ...inherited, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(this.process);
    for (const name of ['stdout', 'stderr'] as const) {
      this.process[name].setEncoding('utf8').on('data', (text: string) => {
        this[name] += text;
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.process.once('error', reject).once('close', (exitCode, signal) => {
        resolve({ exitCode, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** Waits until something is so, as long as the program runs. */
  async until(what: () => boolean): Promise<void> {
    while (!what()) {
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        throw new Error(`it ended too soon: ${this.stderr}`);
      }
      await sleep(2);
    }
  }

  signal(signal: NodeJS.Signals): Promise<Ending> {
    this.process.kill(signal);
    return this.ended;
  }
}

/** Runs the compiled command line as a process of its own, for what it does with signals, pipes and its environment. */
export function timegridProcess(
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
  shell?: string,
): Promise<Ending> {
  return new Program(args, env, shell).ended;
}
