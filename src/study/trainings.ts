import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Failure } from '../common/errors.ts';
import { fromErrorData } from '../common/thread-error.ts';
import type { StudyRun } from './kind.ts';
import type { TrainingNews } from './serve-training.ts';

interface TrainingsOptions<Run, Progress> {
  /** Trainings at once. */
  readonly jobs: number;
  /** The module of the process that trains one run. */
  readonly process: URL;
  /** What that process is told first. */
  order(run: Run): object;
  readonly stop: AbortSignal;
  onProgress(run: Run, progress: Progress): void;
  onNote(run: Run, sentence: string): void;
  /** Called when a run is trained; the next training waits for it, unless a stop is requested. */
  onTrained(run: Run): Promise<void>;
}

/**
 * Trains runs, each in its own process. A run that was begun before is resumed.
 * @returns whether all are trained; false where a stop was requested
 * @throws the error of the first training that failed, once the others have been saved
 */
export async function trainAll<Run extends StudyRun, Progress>(
  runs: readonly Run[],
  options: TrainingsOptions<Run, Progress>,
): Promise<boolean> {
  const waiting = [...runs];
  const failed = new AbortController();
  const stop = AbortSignal.any([options.stop, failed.signal]);
  let failure: unknown;
  const work = async (): Promise<void> => {
    for (let run = waiting.shift(); run && !stop.aborted; run = waiting.shift()) {
      try {
        const isTrained = await train(run, options, stop);
        if (isTrained && !stop.aborted) await unlessAborted(options.onTrained(run), stop);
      } catch (error) {
        failure ??= error;
        failed.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, runs.length) }, work));
  if (failure !== undefined) throw failure;
  return !options.stop.aborted;
}

/** @returns whether the run is trained to its end */
async function train<Run extends StudyRun, Progress>(
  run: Run,
  { process, order, onProgress, onNote }: TrainingsOptions<Run, Progress>,
  stop: AbortSignal,
): Promise<boolean> {
  // In its own process group, so that a Ctrl-C reaches it once: from here.
  const child = fork(fileURLToPath(process), {
    ...{ detached: true, serialization: 'advanced' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let end: boolean | Error | undefined;
  child.on('message', (news: TrainingNews<Progress>) => {
    if ('progress' in news) onProgress(run, news.progress);
    else if ('note' in news) onNote(run, news.note);
    else end = 'error' in news ? fromErrorData(news.error) : news.trained;
  });
  createInterface({ input: child.stderr! }).on('line', (line) => {
    if (line !== '') onNote(run, line);
  });
  const save = (): void => void child.kill('SIGTERM');
  stop.addEventListener('abort', save);
  child.send(order(run));
  const code = await exitOf(child);
  stop.removeEventListener('abort', save);
  if (end instanceof Error) throw end;
  if (end !== undefined) return end;
  if (stop.aborted) return false;
  throw new Failure(
    `the training in ${run.path} ended with code ${code ?? child.signalCode}; run the same command again to resume it`,
  );
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
}

/** Waits for a promise, but no longer than until a stop is requested. */
async function unlessAborted(promise: Promise<void>, stop: AbortSignal): Promise<void> {
  const over = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    stop.addEventListener('abort', () => resolve(), { once: true, signal: over.signal });
  });
  try {
    await Promise.race([promise, stopped]);
  } finally {
    over.abort();
  }
}
