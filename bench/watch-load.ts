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
import { type Figures, type Load, LoadPage } from './load-page.ts';

interface Crowd extends Load {
  readonly pages: number;
  readonly seconds: number;
}

const TICK = 15;
/** Milliseconds between the arrivals of two pages. */
const ARRIVAL = 10;

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
  const cli = fileURLToPath(new URL('../src/cli/timegrid.js', import.meta.url));
  const server = spawn(process.execPath, [cli, 'watch', ...runs], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const found = /http:\/\/(\S+?)\//.exec(line);
    if (found) return { server, address: `ws://${found[1]}/socket` };
  }
  throw new Error('the server has not started');
}

function report(load: Crowd, figures: Figures, elapsed: number, resources: string): void {
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
