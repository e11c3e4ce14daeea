import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import type { StudyReport } from '../evaluate/report-lines.ts';
import type { Lock } from '../run/lock.ts';
import { agentStudy } from '../study/agent-study.ts';
import type { PlannedRun, StudyPlan } from '../study/planned-run.ts';
import { adoptResult } from '../study/results.ts';
import { lockStudy } from '../study/run-study.ts';
import type { QueuedState } from './store.ts';
import type { StudyQueue } from './study-queue.ts';
import type { RunStatus, StudyStatus } from './study-status.ts';

/** How a program follows a study that other machines do. */
export interface FollowOptions {
  /** The command line that the report names. */
  readonly command: readonly string[];
  /** Stops following; the runs stay in the queue. */
  readonly signal: AbortSignal;
  /** Called with a sentence before a wait for whoever may have the study's folder. */
  onWait?(sentence: string): void;
  /** Called first, with the number of runs that have a result already. */
  onStart?(finished: number): void;
  /** Called about every second. */
  onStatus?(status: StudyStatus): void;
  onFinish?(run: PlannedRun): void;
  onFail?(run: PlannedRun, sentence: string): void;
  onNote?(run: PlannedRun, sentence: string): void;
}

/** What has become of a study whose runs have all ended. */
export interface FollowedStudy {
  /** Undefined where no run has a result. */
  readonly report: StudyReport | undefined;
  /** Runs that have none, and why. */
  readonly failed: ReadonlyMap<PlannedRun, string>;
}

/** Milliseconds between two looks; more where a look takes long, so that it takes Redis a twentieth of its time. */
const LOOK = 500;
const SHARE = 20;
/** At most: a look may also have waited for a Redis that was out of reach. */
const LONGEST_PAUSE = 10_000;

const NOTHING: QueuedState = {
  is: 'missing',
  share: 0,
  speed: 0,
  spent: 0,
  worker: '',
  refused: '',
};

/**
 * Declares the runs of a study that have no result yet, waits until workers have done them all, collects what they have found,
 * and writes the report.
 * @returns undefined where a stop was requested
 * @throws UsageError or Failure as `runStudy` does, and where the queue does not take the runs
 */
export async function followStudy(
  queue: StudyQueue,
  plan: StudyPlan,
  options: FollowOptions,
): Promise<FollowedStudy | undefined> {
  const lock = await lockStudy(plan, options.onWait);
  try {
    const kind = agentStudy();
    await kind.prepare?.(plan, (run, sentence) => options.onNote?.(run, sentence));
    const following = new Following(queue, plan, options, lock);
    const failed = await following.toTheEnd();
    if (!failed) return undefined;
    lock.requireHeld();
    return { failed, report: await reportOf(plan, failed, options.command) };
  } finally {
    lock.release();
  }
}

async function reportOf(
  plan: StudyPlan,
  failed: ReadonlyMap<PlannedRun, string>,
  command: readonly string[],
): Promise<StudyReport | undefined> {
  const kind = agentStudy();
  const results = plan.runs.flatMap((run) => (failed.has(run) ? [] : [kind.saved(run)!]));
  if (results.length === 0) return undefined;
  const named = new Set(results.map(({ agent }) => agent));
  const agents = plan.agents.filter(({ name }) => named.has(name));
  const sentences = [...failed].map(([{ agent, seed }, sentence]) => ({ agent, seed, sentence }));
  return kind.report({ ...plan, agents, failed: sentences }, results, command);
}

/** How the runs of a study stand, as `timegrid study --status` says it; nothing is changed. */
export async function statusOf(queue: StudyQueue, { runs }: StudyPlan): Promise<StudyStatus> {
  const kind = agentStudy();
  const workers = await queue.workers();
  const states = await queue.survey(runs);
  const hosts = new Map(workers.map(({ id, host }) => [id, host]));
  const found: RunStatus[] = [];
  for (const [i, run] of runs.entries()) {
    const saved = kind.saved(run);
    const state = states[i]!;
    const failure = state.is === 'failed' && !saved ? await queue.failureOf(run) : undefined;
    found.push({
      ...{ ...state, run, failure, host: hosts.get(state.worker) ?? '' },
      ...(saved && { is: 'collected' as const, spent: saved.coreSeconds ?? state.spent }),
    });
  }
  return { runs: found, workers };
}

class Following {
  readonly #queue: StudyQueue;
  readonly #plan: StudyPlan;
  readonly #options: FollowOptions;
  readonly #lock: Lock;
  readonly #pending: Set<PlannedRun>;
  readonly #failed = new Map<PlannedRun, string>();
  readonly #states = new Map<PlannedRun, QueuedState>();
  /** Seconds of a core that each run with a result has taken. */
  readonly #spent = new Map<PlannedRun, number>();
  readonly #noted = new Set<string>();

  constructor(queue: StudyQueue, plan: StudyPlan, options: FollowOptions, lock: Lock) {
    this.#queue = queue;
    this.#plan = plan;
    this.#options = options;
    this.#lock = lock;
    this.#pending = new Set(plan.runs.filter((run) => !this.#noteSaved(run)));
  }

  #noteSaved(run: PlannedRun): boolean {
    const saved = agentStudy().saved(run);
    if (saved) this.#spent.set(run, saved.coreSeconds ?? 0);
    return saved !== undefined;
  }

  /** @returns the runs that have failed; undefined where a stop was requested */
  async toTheEnd(): Promise<ReadonlyMap<PlannedRun, string> | undefined> {
    const { onStart, signal } = this.#options;
    onStart?.(this.#plan.runs.length - this.#pending.size);
    for (const { result } of this.#pending) makeFolder(dirname(result));
    for (let isFirst = true; ; isFirst = false) {
      const before = performance.now();
      await untilAborted(this.#look(isFirst), signal);
      if (signal.aborted) return undefined;
      if (this.#pending.size === 0) return this.#failed;
      const pause = Math.max(LOOK, SHARE * (performance.now() - before));
      await sleep(Math.min(pause, LONGEST_PAUSE), undefined, { signal }).catch(() => {});
      if (signal.aborted) return undefined;
    }
  }

  async #look(isFirst: boolean): Promise<void> {
    const runs = [...this.#pending];
    const states = await this.#queue.survey(runs);
    const missing: PlannedRun[] = [];
    for (const [i, run] of runs.entries()) {
      const state = states[i]!;
      this.#states.set(run, state);
      if (state.is === 'done') await this.#collect(run);
      else if (state.is === 'failed') await this.#giveUp(run, await this.#queue.failureOf(run));
      else if (state.is === 'missing') missing.push(run);
      else if (state.is === 'waiting' && state.refused) this.#noteRefusal(run, state.refused);
    }
    if (missing.length > 0) {
      if (!isFirst) {
        for (const run of missing) {
          this.#options.onNote?.(run, 'it was lost from the queue and is declared again');
        }
      }
      await this.#queue.declare(missing);
    }
    const { onStatus } = this.#options;
    if (onStatus) onStatus(this.#status(await this.#queue.workers()));
  }

  async #collect(run: PlannedRun): Promise<void> {
    const text = await this.#queue.resultOf(run);
    if (text === undefined) return; // it has expired a moment ago: the next look declares the run again
    try {
      const { coreSeconds = 0 } = adoptResult(run, text, 'the queue', this.#lock);
      this.#spent.set(run, coreSeconds);
    } catch (error) {
      this.#lock.requireHeld();
      if (!(error instanceof Failure)) throw error;
      return this.#giveUp(run, error.message);
    }
    this.#pending.delete(run);
    this.#options.onFinish?.(run);
  }

  #giveUp(run: PlannedRun, sentence = 'it failed'): void {
    this.#failed.set(run, sentence);
    this.#pending.delete(run);
    this.#options.onFail?.(run, sentence);
  }

  /** Each reason once, for the first run that it concerns. */
  #noteRefusal(run: PlannedRun, refused: string): void {
    if (this.#noted.has(refused)) return;
    this.#noted.add(refused);
    this.#options.onNote?.(run, `refused by ${refused}; it waits for another worker`);
  }

  #status(workers: StudyStatus['workers']): StudyStatus {
    const hosts = new Map(workers.map(({ id, host }) => [id, host]));
    const runs = this.#plan.runs.map((run): RunStatus => {
      const state = this.#states.get(run) ?? NOTHING;
      const failure = this.#failed.get(run);
      const host = hosts.get(state.worker) ?? '';
      const spent = this.#spent.get(run);
      if (failure !== undefined) return { ...state, is: 'failed', run, failure, host };
      if (spent !== undefined) return { ...state, is: 'collected', run, spent, host };
      return { ...state, run, host };
    });
    return { runs, workers };
  }
}

/** Waits for a promise, but no longer than until the signal aborts; what it fails with then is of no more interest. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: over.signal });
  });
  promise.catch(() => {});
  try {
    await Promise.race([promise, aborted]);
  } finally {
    over.abort();
  }
}
