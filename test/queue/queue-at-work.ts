import fs from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { queueKeys } from '../../src/queue/keys.ts';
import { planStudyFile } from '../../src/study/plan-study.ts';
import type { PlannedRun } from '../../src/study/planned-run.ts';
import { type Ending, Program } from '../train/program.ts';
import { tiny } from '../train/tiny.ts';
import type { TestRedis } from './redis.ts';

/** Frames between two checkpoints of a training. */
export const CHECKPOINT = 100_000;

/** Seconds for which workers of these tests keep a run without a sign of life. */
export const LEASE = 2;

const made: string[] = [];
afterAll(() => {
  for (const folder of made) fs.rmSync(folder, { recursive: true, force: true });
});

/** A new folder that does not outlive the tests of a file. */
export function newFolder(): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
  made.push(folder);
  return folder;
}

/** A tiny study in a file, in a folder of its own. */
export class TinyStudy {
  readonly file: string;
  readonly folder: string;
  readonly home = newFolder();

  constructor(change: object = {}) {
    const { home } = this;
    this.file = join(home, 'tiny.json');
    this.folder = join(home, 'out');
    const study = {
      ...{ title: 'Tiny', frames: 3200, seeds: '1..2', numbers: '3,4', episodes: 5 },
      envOptions: { size: 3, pixels: 24, timeMin: 3, timeMax: 6 },
      set: { ...tiny, nacWidth: 4 },
      agents: { baseline: { agent: 'baseline' }, clock: { agent: 'nac-clock' } },
      ...change,
    };
    fs.writeFileSync(this.file, JSON.stringify(study));
  }

  command(...options: string[]): string[] {
    return ['study', this.file, '--folder', this.folder, ...options];
  }

  async runs(): Promise<readonly PlannedRun[]> {
    return (await planStudyFile(this.file, this.folder, true)).runs;
  }

  /** The first of them. */
  async run(): Promise<PlannedRun> {
    return (await this.runs())[0]!;
  }

  /** Its results, without where and how fast they came about. */
  results(): Readonly<Record<string, unknown>> {
    const folder = join(this.folder, 'results');
    return Object.fromEntries(
      fs
        .readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => {
          const text = fs.readFileSync(join(folder, name), 'utf8');
          const { machine: _, coreSeconds: __, ...result } = JSON.parse(text);
          return [name, result];
        }),
    );
  }
}

/** Starts a worker. */
export const startWorker = (redis: TestRedis, ...options: string[]): Program =>
  new Program([...['worker', redis.address, '--jobs', '1', '--lease', String(LEASE)], ...options]);

/** Ends workers as Ctrl-C does, and expects that they end well. */
export async function endWorkers(workers: readonly Program[]): Promise<void> {
  for (const ending of await Promise.all(workers.map((worker) => worker.signal('SIGINT')))) {
    // BullMQ leaves timers behind: the process then ends by the signal itself, of which a shell says 130, too.
    const code = ending.exitCode ?? 128 + constants.signals[ending.signal!];
    expect(code, ending.stderr).toBe(130);
    expect(ending.stderr).toMatch(/everything is given back\n$/);
  }
}

/** Runs a study over a queue while workers are there, and expects that it ends well. */
export async function runOver(
  redis: TestRedis,
  study: TinyStudy,
  ...options: string[]
): Promise<Ending> {
  const ended = await new Program(study.command('--queue', redis.address, ...options)).ended;
  expect(ended.exitCode, ended.stderr).toBe(0);
  return ended;
}

const keys = queueKeys('');

/** Waits until a run has a checkpoint in Redis, as long as a worker runs. @returns the bytes of its tensors */
export async function untilCheckpoint(
  redis: TestRedis,
  key: string,
  other?: Buffer,
): Promise<Buffer> {
  for (;;) {
    const found = await redis.client.hgetBuffer(keys.checkpoint(key), 'tensors.safetensors');
    if (found && !(other && found.equals(other))) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Runs whose result is in Redis. */
export async function resultsIn(redis: TestRedis): Promise<string[]> {
  const found = await redis.client.keys(`${keys.result('')}*`);
  return found.map((name) => name.slice(keys.result('').length)).sort();
}
