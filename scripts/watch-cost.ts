/**
 * What watching costs a training: `npm run watch-cost`. Trains one agent again and again, by turns with a page that looks on
 * (`timegrid train --watch`, and a client that plays one episode after another as the page does) and with none, and compares
 * the medians of their speeds.
 */

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { spread } from '../src/bench/measure.ts';
import { type Figures, LoadPage } from './load-page.ts';

const CLI = fileURLToPath(new URL('../src/cli/timegrid.js', import.meta.url));
/** As the page plays: five steps a second, one episode after another. */
const LOAD = { rate: 5, seeds: 1_000 };
const TICK = 50;

interface Result {
  readonly framesPerSecond: number;
  /** Frames that the page was shown. */
  readonly shown: number;
}

/** Trains once. @returns how fast it went */
async function train(folder: string, frames: number, isWatched: boolean): Promise<Result> {
  const options = ['--frames', String(frames), '--checkpoint-every', String(frames / 8)];
  const program = [CLI, 'train', '--run', folder, '--overwrite', '--json', ...options];
  const training = spawn(process.execPath, isWatched ? [...program, '--watch'] : program, {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<void>((resolve) => training.once('close', () => resolve()));
  const figures: Figures = { lateness: [], bytes: 0, episodes: 0 };
  let page: LoadPage | undefined;
  createInterface({ input: training.stderr }).on('line', (line) => {
    const found = /http:\/\/(\S+?)\//.exec(line);
    if (found) page ??= new LoadPage(`ws://${found[1]}/socket`, LOAD, figures, 1);
  });
  const timer = setInterval(() => page?.tick(), TICK);
  for await (const line of createInterface({ input: training.stdout })) {
    if ((JSON.parse(line) as { event: string }).event === 'end') break;
  }
  clearInterval(timer);
  page?.close();
  training.kill('SIGINT'); // one that is watched stays until it is told to end
  await exit;
  const records = fs.readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const last = JSON.parse(records.at(-1)!) as { frames: number; seconds: number };
  return { framesPerSecond: last.frames / last.seconds, shown: figures.lateness.length };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pairs: { type: 'string', default: '5' },
      frames: { type: 'string', default: '8e5' },
    },
  });
  const [pairs, frames] = [Number(values.pairs), Number(values.frames)];
  if (!(pairs >= 1) || !(frames >= 1e4)) {
    console.error('usage: npm run watch-cost -- [--pairs 5 --frames 8e5]');
    process.exitCode = 2;
    return;
  }
  const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-watch-cost-'));
  const speeds: Record<'watched' | 'alone', number[]> = { watched: [], alone: [] };
  let shown = 0;
  try {
    for (let pair = 0; pair < pairs; pair++) {
      // By turns first and second, so that a machine that grows slower or faster favours neither.
      const order =
        pair % 2 === 0 ? (['watched', 'alone'] as const) : (['alone', 'watched'] as const);
      for (const how of order) {
        const result = await train(join(folder, how), frames, how === 'watched');
        speeds[how].push(result.framesPerSecond);
        shown += result.shown;
        console.error(`${how}: ${result.framesPerSecond.toFixed(0)} frames a second`);
      }
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const [watched, alone] = [spread(speeds.watched), spread(speeds.alone)];
  const cost = 1 - watched.median / alone.median;
  console.log(
    [
      `trained frames a second, median of ${pairs} (least to most)`,
      `watched ${said(watched)}, the page was shown ${shown} frames in all`,
      `alone   ${said(alone)}`,
      `watching costs ${(100 * cost).toFixed(1)} %${cost > 0.05 ? ': too much' : ''}`,
    ].join('\n'),
  );
  if (cost > 0.05 || shown === 0) process.exitCode = 1;
}

function said({ median, min, max }: ReturnType<typeof spread>): string {
  return `${median.toFixed(0)} (${min.toFixed(0)} to ${max.toFixed(0)})`;
}

await main();
