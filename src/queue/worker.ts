import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from 'bullmq';
import { thisMachine } from '../common/machine.ts';
import { withoutPassword } from '../common/without-password.ts';
import type { QueueAddress } from './address.ts';
import { connect, type QueueConnection } from './connect.ts';
import { HeldRun, type RunEnding, type WorkerMeans } from './held-run.ts';
import { isKey, OtherVersion, PoisonedJob, type QueuedRun, readJob } from './job.ts';
import { QUEUE } from './keys.ts';
import { NamedCode } from './own-code.ts';
import { isFull, RunStore } from './store.ts';
import { makeWorkFolder } from './work-folder.ts';
import { type KnownWorker, WorkerRegistry } from './worker-registry.ts';

export interface WorkerOptions {
  readonly address: QueueAddress;
  /** Runs at once. */
  readonly jobs: number;
  /** Seconds for which a run is held without a sign of life. */
  readonly lease: number;
  /** Seconds without a run after which the worker ends; never by default. */
  readonly idle?: number | undefined;
  /** A folder that all workers share, for runs and results. */
  readonly artifacts?: string | undefined;
  readonly allowCode: boolean;
  /** Worlds and pathways of the user's own that this worker has. */
  readonly env: readonly string[];
  readonly agent: readonly string[];
  readonly envWorkers?: number | undefined;
  /** Ends the worker once it aborts: it saves, uploads and gives back what it has. */
  readonly signal: AbortSignal;
  /** Called once it is connected. */
  onReady?(): void;
  /** Called with a sentence for a person to read. */
  onNote(sentence: string): void;
  onStart?(run: QueuedRun): void;
  onProgress?(run: QueuedRun, share: number, speed: number): void;
  onEnd?(run: QueuedRun, ending: RunEnding): void;
}

/** Milliseconds that a worker waits at most after it has refused several runs in a row. */
const LONGEST_PAUSE = 60_000;
/** Milliseconds that Redis has to take back a run before the worker ends without it. */
const LAST_WORD = 10_000;
/** Seconds for which an unreadable job is remembered as failed. */
const UNREADABLE_KEPT = 86_400;
/** Seconds to wait for a job in one go. */
const WAIT = 5;

/**
 * Takes runs from a queue until the signal aborts: the workers' side of `timegrid study --queue`.
 * @throws UsageError or Failure where it cannot begin
 */
export async function serveQueue(options: WorkerOptions): Promise<void> {
  const named = await NamedCode.find(options.env, options.agent);
  const connection = await connect(options.address, {
    onLost: () =>
      options.onNote('Redis is out of reach: trainings go on, and are uploaded when it is back'),
    onBack: () => options.onNote('Redis is back'),
  });
  const folder = makeWorkFolder('worker');
  try {
    await new QueueWorker(options, connection, named, folder).work();
  } finally {
    connection.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

class QueueWorker {
  readonly #options: WorkerOptions;
  readonly #connection: QueueConnection;
  readonly #store: RunStore;
  readonly #means: WorkerMeans;
  readonly #bull;
  readonly #queue;
  readonly #registry: WorkerRegistry;
  readonly #busy = new Set<Promise<void>>();
  readonly #noted = new Set<string>();
  /** Runs in a row that it could not do. */
  #refusals = 0;

  constructor(
    options: WorkerOptions,
    connection: QueueConnection,
    named: NamedCode,
    folder: string,
  ) {
    const { artifacts, allowCode, envWorkers, onNote } = options;
    const lease = options.lease * 1000;
    this.#options = options;
    this.#connection = connection;
    this.#store = new RunStore(connection, lease);
    const { keys } = this.#store;
    const shared = { connection: connection.redis, prefix: keys.root };
    this.#bull = new connection.bullmq.Worker(QUEUE, null, {
      ...{ ...shared, autorun: false, drainDelay: WAIT, skipLockRenewal: true },
      ...{
        lockDuration: lease,
        stalledInterval: lease / 2,
        maxStalledCount: Number.MAX_SAFE_INTEGER,
      },
      ...{ removeOnComplete: { count: 0 }, removeOnFail: { count: 0 } },
    });
    this.#queue = new connection.bullmq.Queue(QUEUE, shared);
    // What goes wrong for a while is noted by the connection; anything else comes back from the calls.
    this.#bull.on('error', () => {});
    this.#queue.on('error', () => {});
    this.#registry = new WorkerRegistry(connection, keys);
    this.#means = {
      ...{ store: this.#store, id: randomUUID(), folder, artifacts, named, allowCode, envWorkers },
      ...{ lease, onNote },
      onProgress: (run, share, speed) => options.onProgress?.(run, share, speed),
    };
  }

  async work(): Promise<void> {
    const { signal: stop, lease, onReady } = this.#options;
    const beat = (): void => void this.#registry.announce(this.#known(), 3 * lease).catch(() => {});
    beat();
    const beating = setInterval(beat, (lease * 1000) / 2);
    await this.#bull.startStalledCheckTimer();
    onReady?.();
    try {
      await this.#takeRuns(stop);
      await Promise.all(this.#busy);
    } finally {
      clearInterval(beating);
      const leaving = this.#registry.remove(this.#means.id).catch(() => {});
      await Promise.race([leaving, sleep(LAST_WORD / 10, undefined, { ref: false })]);
      // Forced, it waits for no answer; what it says of that is of no use to anybody.
      await Promise.race([
        this.#bull.close(true),
        sleep(LAST_WORD / 10, undefined, { ref: false }),
      ]).catch(() => {});
    }
  }

  #known(): KnownWorker {
    const { id } = this.#means;
    const { jobs } = this.#options;
    return { id, ...thisMachine(), jobs, busy: this.#busy.size };
  }

  async #takeRuns(stop: AbortSignal): Promise<void> {
    const { jobs, idle } = this.#options;
    const stopped = new Promise<void>((resolve) => {
      stop.addEventListener('abort', () => resolve(), { once: true });
    });
    let idleSince = performance.now();
    while (!stop.aborted) {
      if (this.#busy.size > 0) idleSince = performance.now();
      if (idle !== undefined && performance.now() - idleSince >= idle * 1000) return;
      if (this.#busy.size >= jobs) {
        await Promise.race([stopped, ...this.#busy]);
        continue;
      }
      if (this.#refusals > 0) {
        const pause = Math.min(LONGEST_PAUSE, 500 * 2 ** this.#refusals);
        await Promise.race([stopped, sleep(pause, undefined, { ref: false })]);
        if (stop.aborted) return;
      }
      const token = randomUUID();
      const next = this.#next(token);
      const job = await Promise.race([stopped, next]);
      if (job) this.#begin(job, token, stop);
      // One that comes after the stop was requested goes back.
      else if (stop.aborted) void next.then((late) => late?.moveToWait(token)).catch(() => {});
    }
  }

  /** The next job, if one comes within a while. */
  async #next(token: string): Promise<Job | undefined> {
    try {
      return (await this.#bull.getNextJob(token)) as Job | undefined;
    } catch (error) {
      if (this.#options.signal.aborted) return undefined;
      const id = await this.#store.lockedBy(token);
      if (id === undefined) {
        const why = isFull(error) ? 'Redis is full (maxmemory)' : (error as Error).message;
        this.#noteOnce(`no run can be taken: ${why}`);
        await sleep(1_000, undefined, { signal: this.#options.signal }).catch(() => {});
      } else {
        await this.#discard(id, token, `the job cannot be read: ${(error as Error).message}`);
      }
      return undefined;
    }
  }

  #begin(job: Job, token: string, stop: AbortSignal): void {
    const working = this.#workOn(job, token, stop)
      .catch((error: Error) => {
        this.#refusals += 1;
        this.#noteOnce(error.message);
      })
      .finally(() => this.#busy.delete(working));
    this.#busy.add(working);
  }

  async #workOn(job: Job, token: string, stop: AbortSignal): Promise<void> {
    const hold = { key: job.id ?? '', token };
    let run: QueuedRun;
    try {
      run = readJob(hold.key, JSON.stringify(job.data));
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof OtherVersion) return this.#giveBack(job, token, message);
      const sentence =
        error instanceof PoisonedJob ? message : `the job cannot be read: ${message}`;
      return this.#discard(hold.key, token, sentence);
    }
    this.#options.onStart?.(run);
    let ending: RunEnding;
    try {
      ending = await new HeldRun(this.#means, hold, run).work(stop);
    } catch (error) {
      // Not the run's fault: another worker may be luckier.
      ending = { is: 'left', refused: (error as Error).message };
    }
    if (ending.is === 'over') {
      this.#refusals = 0;
      // Where this fails, another worker finds that it is over.
      await job.moveToCompleted('', token, false).catch(() => {});
    } else if (ending.is === 'left') {
      await this.#giveBack(job, token, ending.refused);
    }
    this.#options.onEnd?.(run, ending);
  }

  /** @param refused why; empty where this worker only ends */
  async #giveBack(job: Job, token: string, refused: string): Promise<void> {
    const why = withoutPassword(refused).slice(0, 280);
    if (why !== '') {
      this.#refusals += 1;
      this.#noteOnce(`${(job.id ?? '').slice(0, 8)} is left to other workers: ${why}`, why);
    }
    const giving = async (): Promise<void> => {
      await this.#store.leave({ key: job.id!, token }, why && `${os.hostname()}: ${why}`);
      if (why === '') await job.moveToWait(token);
      else await job.moveToDelayed(Date.now() + (this.#options.lease * 1000) / 3, token);
    };
    // Where this fails, its lock ends, and BullMQ gives it back.
    const timeout = sleep(LAST_WORD, undefined, { ref: false });
    await Promise.race([giving().catch(() => {}), timeout]);
  }

  /** Takes a job that nobody can read out of the queue; a study that waits for it is told. */
  async #discard(id: string, token: string, sentence: string): Promise<void> {
    this.#noteOnce(sentence);
    const { keys } = this.#store;
    if (isKey(id)) {
      const failure = JSON.stringify({ sentence });
      await this.#store.storeEnd({ key: id, token }, 'failure', UNREADABLE_KEPT, failure);
    }
    const { redis } = this.#connection;
    await redis.del(keys.lock(id));
    try {
      await this.#queue.remove(id);
    } catch {
      // Not even that: what is there is no job.
      await redis.lrem(keys.active, 0, id);
      await redis.del(keys.job(id));
    }
  }

  #noteOnce(sentence: string, what = sentence): void {
    if (this.#noted.has(what)) return;
    if (this.#noted.size < 1_000) this.#noted.add(what);
    this.#options.onNote(sentence);
  }
}
