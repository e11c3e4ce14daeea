/**
 * How a watch server does under many pages, and under attack: `npm run load-test [-- RUN…]`. First a crowd: every page plays one
 * episode after another at a steady rate; a frame is late by as much as it comes after the moment at which it should be shown.
 * Then one attack after another, each on a server of its own, with a few ordinary clients that must hardly notice. The server,
 * the attackers and the clients are processes of their own, all on this machine and at one address.
 */

import { fork } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PRETRAINED, pretrainedRun } from '../src/run/pretrained.ts';
import { attacks } from './attackers.ts';
import { type Figures, type Load, LoadPage } from './load-page.ts';
import { MeasuredServer } from './measured-server.ts';
import { OrdinaryClient, WAITS, type Waits } from './ordinary-client.ts';

interface Crowd extends Load {
  readonly pages: number;
  readonly seconds: number;
}

const TICK = 15;
/** Milliseconds between the arrivals of two pages. */
const ARRIVAL = 10;
const ORDINARY_CLIENTS = 5;
/** What an ordinary client may wait under attack, in milliseconds, 95 times in 100; and the server's memory. */
const LONGEST_WAIT = 1_000;
const MOST_MEGABYTES = 400;
const USAGE =
  'usage: npm run load-test -- [RUN…] [--pages 200 --rate 10 --seconds 20 --seeds 20] [--attacks all|none|NAME,NAME…]';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      pages: { type: 'string', default: '200' },
      rate: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '20' },
      seeds: { type: 'string', default: '20' },
      attacks: { type: 'string', default: 'all' },
    },
  });
  const { pages, rate, seconds, seeds } = values;
  const crowd = {
    ...{ pages: Number(pages), rate: Number(rate) },
    ...{ seconds: Number(seconds), seeds: Number(seeds) },
  };
  const known = Object.keys(attacks);
  const names = { all: known, none: [] }[values.attacks] ?? values.attacks.split(',');
  const isUnknown = names.some((name) => !known.includes(name));
  if (isUnknown || Object.values(crowd).some((value) => !(value >= 0))) {
    console.error(`${USAGE}\nattacks: ${known.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const runs = positionals.length > 0 ? positionals : PRETRAINED.map(pretrainedRun);
  if (crowd.pages > 0) await withCrowd(runs, crowd);
  if (names.length > 0) await underAttack(runs, names, crowd.seconds);
}

async function withCrowd(runs: readonly string[], crowd: Crowd): Promise<void> {
  const server = await MeasuredServer.start(runs);
  const figures: Figures = { lateness: [], bytes: 0, episodes: 0 };
  const all: LoadPage[] = [];
  const timer = setInterval(() => {
    for (const page of all) page.tick();
  }, TICK);
  const begun = performance.now();
  while (all.length < crowd.pages) {
    all.push(new LoadPage(server.address, crowd, figures, all.length));
    await setTimeout(ARRIVAL);
  }
  await setTimeout(crowd.seconds * 1000 - (performance.now() - begun));
  const elapsed = (performance.now() - begun) / 1000;
  clearInterval(timer);
  const { cores, megabytes } = server.resources();
  for (const page of all) page.close();
  await server.end();
  const isGood = figures.lateness.length > 0 && Math.max(...spreadOf(figures.lateness)) < 1000;
  const late = spreadOf(figures.lateness).map((value) => value.toFixed(0));
  console.log(
    [
      `${crowd.pages} pages, ${crowd.rate} steps a second in every pane, ${crowd.seeds} seeds, ${elapsed.toFixed(0)} s`,
      `${(figures.lateness.length / elapsed).toFixed(0)} frames a second, ${(figures.bytes / elapsed / 1e6).toFixed(1)} MB a second, ${figures.episodes} episodes`,
      `late by (ms): median ${late[0]}, 95 % ${late[1]}, 99 % ${late[2]}, worst ${late[3]}${isGood ? '' : ': too late'}`,
      `the server takes ${cores.toFixed(2)} cores, ${megabytes.toFixed(0)} MB at most`,
    ].join('\n'),
  );
  if (!isGood) process.exitCode = 1;
}

/** Prints, for each attack, how long ordinary clients wait and what the server takes. */
async function underAttack(
  runs: readonly string[],
  names: readonly string[],
  seconds: number,
): Promise<void> {
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(16) : cell.padStart(17))).join('');
  const waited = WAITS.map((wait) => `${wait} (ms)`);
  console.log(
    `\n${ORDINARY_CLIENTS} ordinary clients under attack, ${seconds} s each; waits: 95 %`,
  );
  console.log(line(['attack', ...waited, 'answers', 'cores', 'memory (MB)']));
  for (const name of names) {
    const { waits, cores, megabytes } = await attack(runs, name, seconds);
    const slowest = WAITS.map((wait) => spreadOf(waits[wait])[1]);
    const isGood =
      slowest.every((wait) => wait < LONGEST_WAIT) && megabytes < MOST_MEGABYTES
        ? ''
        : '  too much';
    const answers = WAITS.reduce((sum, wait) => sum + waits[wait].length, 0);
    const whole = [...slowest, answers].map((value) => value.toFixed(0));
    console.log(line([name, ...whole, cores.toFixed(2), megabytes.toFixed(0)]) + isGood);
    if (isGood !== '') process.exitCode = 1;
  }
}

async function attack(runs: readonly string[], name: string, seconds: number) {
  const server = await MeasuredServer.start(runs);
  const file = fileURLToPath(new URL('./attackers.js', import.meta.url));
  const attackers = fork(file, [name, server.address]);
  // Ordinary clients come when it is under way.
  await setTimeout(1_000);
  const waits: Waits = { connection: [], 'first step': [], move: [] };
  const clients = Array.from(
    { length: ORDINARY_CLIENTS },
    (_, i) => new OrdinaryClient(server.address, waits, i),
  );
  await setTimeout(1000 * seconds);
  const { cores, megabytes } = server.resources();
  await Promise.all(clients.map((client) => client.end()));
  attackers.kill();
  await server.end();
  return { waits, cores, megabytes };
}

/** The median, and what 95 %, 99 % and all are at most. @returns no answer at all is as bad as can be */
function spreadOf(values: readonly number[]): [number, number, number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.ceil(share * sorted.length) - 1] ?? Number.POSITIVE_INFINITY;
  return [at(0.5), at(0.95), at(0.99), at(1)];
}

await main();
