import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { UsageError } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { type Lock, lockFolder, settleLock } from '../run/lock.ts';
import type { Plan, StudyKind, StudyRun } from './kind.ts';
import { trainAll } from './trainings.ts';

export interface RunStudyOptions<Run extends StudyRun, Progress> {
  /** Trainings at once; as many as there are cores by default. */
  readonly jobs?: number | undefined;
  /** The command line that the report and the runs name. */
  readonly command: readonly string[];
  /** Stops the study once it aborts: trainings are saved, an evaluation is abandoned. */
  readonly signal?: AbortSignal;
  /** Called with a sentence before a wait for whoever may be running the study elsewhere. */
  onWait?(sentence: string): void;
  /** Called first, with the number of runs that have a result from before. */
  onStart?(finished: number): void;
  onProgress?(run: Run, progress: Progress): void;
  onEvaluate?(run: Run): void;
  onFinish?(run: Run): void;
  onNote?(run: Run, sentence: string): void;
}

/**
 * Trains and evaluates every run of a study that has no result yet, and writes the report into its folder. Results and runs that
 * are there already are used as they are, provided that they are of the declared training.
 * @returns the report; undefined where a stop was requested
 * @throws Failure or UsageError in one sentence; what was finished before is kept
 */
export async function runStudy<
  Run extends StudyRun,
  Result,
  Report,
  Declared extends Plan<Run>,
  Progress,
>(
  kind: StudyKind<Run, Result, Report, Declared>,
  plan: Declared,
  options: RunStudyOptions<Run, Progress>,
): Promise<Report | undefined> {
  makeFolder(plan.folder);
  await settleLock(plan.folder, options.onWait);
  const lock = lockFolder(plan.folder);
  try {
    const results = await runAll(kind, plan, options, lock);
    if (!results) return undefined;
    lock.requireHeld();
    return await kind.report(plan, results, options.command);
  } finally {
    lock.release();
  }
}

/** @returns all results, in the order of the plan; undefined where a stop was requested */
async function runAll<Run extends StudyRun, Result, Report, Declared extends Plan<Run>, Progress>(
  kind: StudyKind<Run, Result, Report, Declared>,
  plan: Declared,
  options: RunStudyOptions<Run, Progress>,
  lock: Lock,
): Promise<Result[] | undefined> {
  const { jobs = availableParallelism(), signal: stop = new AbortController().signal } = options;
  const { runs } = plan;
  const onNote = (run: Run, sentence: string): void => options.onNote?.(run, sentence);
  await kind.prepare?.(plan, onNote);
  const results = new Map<Run, Result>();
  requireAll(runs, (run) => {
    const saved = kind.saved(run);
    if (saved !== undefined) results.set(run, saved);
  });
  const missing = runs.filter((run) => !results.has(run));
  options.onStart?.(results.size);
  for (const run of missing) {
    for (const file of [run.path, run.result]) makeFolder(dirname(file));
    if (fs.existsSync(run.result)) onNote(run, 'the evaluation settings have changed');
  }
  const isTrained = await trainAll<Run, Progress>(missing, {
    ...{ jobs, stop, onNote, process: kind.process },
    order: (run) => kind.order(run, options.command),
    onProgress: (run, progress) => options.onProgress?.(run, progress),
    async onTrained(run) {
      options.onEvaluate?.(run);
      results.set(run, await kind.evaluate(run, lock, (note) => onNote(run, note)));
      if (!stop.aborted) options.onFinish?.(run);
    },
  });
  return isTrained ? runs.map((run) => results.get(run)!) : undefined;
}

/** Checks every run. @throws the first UsageError, with the number of further ones */
function requireAll<Run>(runs: readonly Run[], check: (run: Run) => void): void {
  const refusals: UsageError[] = [];
  for (const run of runs) {
    try {
      check(run);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      refusals.push(error);
    }
  }
  const [first, ...more] = refusals;
  if (first === undefined) return;
  throw new UsageError(`${first.message}${more.length > 0 ? ` (and ${more.length} more)` : ''}`);
}
