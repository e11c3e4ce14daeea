import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A `timegrid watch` in a process of its own. */
export class MeasuredServer {
  /** Of its WebSocket. */
  readonly address: string;
  readonly #process: ChildProcess;
  readonly #begun = performance.now();
  readonly #cpuBefore: number;

  private constructor(process: ChildProcess, address: string) {
    this.#process = process;
    this.address = address;
    this.#cpuBefore = cpuSeconds(process);
  }

  static async start(runs: readonly string[]): Promise<MeasuredServer> {
    const cli = fileURLToPath(new URL('../src/cli/timegrid.js', import.meta.url));
    const server = spawn(process.execPath, [cli, 'watch', ...runs], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: server.stdout })) {
      const found = /http:\/\/(\S+?)\//.exec(line);
      if (found) return new MeasuredServer(server, `ws://${found[1]}/socket`);
    }
    throw new Error('the server has not started');
  }

  /** What it has taken so far: processor time a second, and the most memory at any moment. NaN where the system does not tell. */
  resources(): { readonly cores: number; readonly megabytes: number } {
    const seconds = (performance.now() - this.#begun) / 1000;
    const cores = (cpuSeconds(this.#process) - this.#cpuBefore) / seconds;
    return { cores, megabytes: mostMegabytes(this.#process) };
  }

  async end(): Promise<void> {
    const exit = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.kill('SIGTERM');
    await exit;
  }
}

function cpuSeconds({ pid }: ChildProcess): number {
  try {
    const fields = fs
      .readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

function mostMegabytes({ pid }: ChildProcess): number {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
