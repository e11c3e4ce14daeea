/**
 * How a watch server does under many pages: `npm run load-test -- RUN…`. Every page plays one episode after another at a steady
 * rate; a frame is late by as much as it comes after the moment at which it should be shown. The server is a process of its
 * own, the pages are another, all on this machine.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { Random } from '../../env/index.ts';
import type { ClientMessageInput, ServerMessage } from '../watch/protocol.ts';

interface Load {
  readonly pages: number;
  /** Steps a second that each page shows, in every pane. */
  readonly rate: number;
  readonly seconds: number;
  /** Seeds that the pages choose from: few, and they watch the same episodes; many, and each watches its own. */
  readonly seeds: number;
}

interface Figures {
  /** Milliseconds that each frame came after its moment; 0 for those in time. */
  readonly lateness: number[];
  bytes: number;
  episodes: number;
}

/** Steps that a page asks for ahead of what it shows. */
const AHEAD = 64;
const TICK = 50;
/** Milliseconds between the arrivals of two pages. */
const ARRIVAL = 10;

/** A page that shows episodes at a rate, and counts. */
class LoadPage {
  readonly #socket: WebSocket;
  readonly #load: Load;
  readonly #figures: Figures;
  readonly #random: Random;
  #agents = 0;
  #id = 0;
  #begun = 0;
  #ends = 0;
  #longest = 0;
  #horizon = 0;

  constructor(address: string, load: Load, figures: Figures, number: number) {
    this.#socket = new WebSocket(address);
    this.#load = load;
    this.#figures = figures;
    this.#random = new Random(`page ${number}`);
    this.#socket.on('message', (data: Buffer, isBinary: boolean) => this.#take(data, isBinary));
    this.#socket.on('error', (error) => {
      throw error;
    });
  }

  /** Goes on with what it shows. */
  tick(): void {
    if (this.#id === 0) return;
    const shown = this.#shown();
    if (this.#ends === this.#agents && shown >= this.#longest) this.#next();
    else if (shown + AHEAD / 2 >= this.#horizon) this.#grant(shown);
  }

  close(): void {
    this.#socket.terminate();
  }

  #grant(shown: number): void {
    this.#horizon = Math.min(2_048, Math.floor(shown) + AHEAD);
    this.#send({ kind: 'credit', id: this.#id, horizon: this.#horizon });
  }

  /** The step that is to be on screen now. */
  #shown(): number {
    return ((performance.now() - this.#begun) * this.#load.rate) / 1000;
  }

  #next(): void {
    this.#id += 1;
    this.#begun = performance.now();
    this.#ends = 0;
    this.#longest = 0;
    this.#horizon = AHEAD;
    this.#figures.episodes += 1;
    const seed = this.#random.integer(0, this.#load.seeds - 1);
    const time = this.#random.integer(5, 30);
    const request = { id: this.#id, time, seed, policy: 'greedy' as const, horizon: AHEAD };
    this.#send({ kind: 'episode', ...request, include: ['pathway'] });
  }

  #send(message: ClientMessageInput): void {
    this.#socket.send(JSON.stringify(message));
  }

  #take(data: Buffer, isBinary: boolean): void {
    this.#figures.bytes += data.length;
    if (isBinary) return;
    const message = JSON.parse(data.toString()) as ServerMessage;
    if (message.kind === 'hello') {
      this.#agents = message.agents.length;
      this.#next();
    } else if (message.kind === 'error') {
      throw new Error(message.message);
    } else if (message.kind === 'steps' && message.id === this.#id) {
      const now = performance.now();
      for (let i = 0; i < message.steps.length; i++) {
        const due = this.#begun + ((message.from + i) * 1000) / this.#load.rate;
        this.#figures.lateness.push(Math.max(0, now - due));
      }
    } else if (message.kind === 'end' && message.id === this.#id) {
      this.#ends += 1;
      this.#longest = Math.max(this.#longest, message.steps);
    }
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      pages: { type: 'string', default: '200' },
      rate: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '20' },
      seeds: { type: 'string', default: '20' },
    },
  });
  const { pages, rate, seconds, seeds } = values;
  const load = {
    ...{ pages: Number(pages), rate: Number(rate) },
    ...{ seconds: Number(seconds), seeds: Number(seeds) },
  };
  if (positionals.length === 0 || Object.values(load).some((value) => !(value > 0))) {
    console.error(
      'usage: npm run load-test -- RUN… [--pages 200 --rate 10 --seconds 20 --seeds 20]',
    );
    process.exitCode = 2;
    return;
  }
  const { server, address } = await startServer(positionals);
  const figures: Figures = { lateness: [], bytes: 0, episodes: 0 };
  const all: LoadPage[] = [];
  const timer = setInterval(() => {
    for (const page of all) page.tick();
  }, TICK);
  const begun = performance.now();
  const cpuBefore = cpuSeconds(server);
  while (all.length < load.pages) {
    all.push(new LoadPage(address, load, figures, all.length));
    await setTimeout(ARRIVAL);
  }
  await setTimeout(load.seconds * 1000 - (performance.now() - begun));
  const elapsed = (performance.now() - begun) / 1000;
  clearInterval(timer);
  const cores = ((cpuSeconds(server) - cpuBefore) / elapsed).toFixed(2);
  const resources = `${cores} cores, ${residentMegabytes(server)}`;
  for (const page of all) page.close();
  const exit = new Promise((resolve) => server.once('close', resolve));
  server.kill('SIGTERM');
  await exit;
  report(load, figures, elapsed, resources);
}

async function startServer(runs: readonly string[]) {
  const cli = fileURLToPath(new URL('../cli.js', import.meta.url));
  const server = spawn(process.execPath, [cli, 'watch', ...runs], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const found = /http:\/\/(\S+?)\//.exec(line);
    if (found) return { server, address: `ws://${found[1]}/socket` };
  }
  throw new Error('the server has not started');
}

function report(load: Load, figures: Figures, elapsed: number, resources: string): void {
  const lateness = figures.lateness.sort((a, b) => a - b);
  const at = (share: number): string =>
    (lateness[Math.floor(share * (lateness.length - 1))] ?? Number.NaN).toFixed(0);
  const frames = lateness.length / elapsed;
  const isGood = lateness.length > 0 && lateness.at(-1)! < 1000;
  console.log(
    [
      `${load.pages} pages, ${load.rate} steps a second in every pane, ${load.seeds} seeds, ${elapsed.toFixed(0)} s`,
      `${frames.toFixed(0)} frames a second, ${(figures.bytes / elapsed / 1e6).toFixed(1)} MB a second, ${figures.episodes} episodes`,
      `late by (ms): median ${at(0.5)}, 99 % ${at(0.99)}, worst ${at(1)}${isGood ? '' : ': too late'}`,
      `the server takes ${resources}`,
    ].join('\n'),
  );
  if (!isGood) process.exitCode = 1;
}

/** Processor time so far, where the system tells. */
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

/** Where the system tells. */
function residentMegabytes({ pid }: ChildProcess): string {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    return `${(Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024).toFixed(0)} MB`;
  } catch {
    return 'unknown';
  }
}

await main();
