import type { Lock } from '../run/lock.ts';
import type { Plan, StudyKind, StudyRun } from './kind.ts';
import { trainInProcess } from './train-in-process.ts';

/** How a study follows one of its runs, and stops it. */
export interface RunCalls<Progress> {
  /** The command line, for the run's record. */
  readonly command: readonly string[];
  /** Asked right before the result is written. */
  readonly lock: Pick<Lock, 'requireHeld'>;
  /** Stops it: the training is saved, an evaluation is abandoned. */
  readonly signal: AbortSignal;
  onProgress?(progress: Progress): void;
  /** Called when the run is trained. */
  onEvaluate?(): void;
  /** Called with a sentence for a person to read. */
  onNote?(sentence: string): void;
}

/**
 * Does one run of a study: trains it in a process of its own, from its last checkpoint where it has one, evaluates it, and saves
 * its result. The folders that its paths lie in must be there.
 * @returns the result; undefined where the signal aborted
 * @throws whatever the training or the evaluation throws, and what `requireHeld` throws; what was saved before is kept
 */
export async function completeRun<Run extends StudyRun, Result, Progress>(
  kind: Pick<StudyKind<Run, Result, unknown, Plan<Run>>, 'process' | 'order' | 'evaluate'>,
  run: Run,
  { command, lock, signal, ...calls }: RunCalls<Progress>,
): Promise<Result | undefined> {
  const onNote = (sentence: string): void => calls.onNote?.(sentence);
  const onProgress = (progress: Progress): void => calls.onProgress?.(progress);
  const following = { onProgress, onNote, signal };
  const order = kind.order(run, command);
  const isTrained = await trainInProcess(run.path, kind.process, order, following);
  if (!isTrained || signal.aborted) return undefined;
  calls.onEvaluate?.();
  return unlessAborted(kind.evaluate(run, lock, onNote), signal);
}

/** What a promise gives, unless the signal aborts before. */
async function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
): Promise<Value | undefined> {
  const over = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    over.abort();
  }
}
