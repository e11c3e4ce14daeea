import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { errorMessage } from '../common/error-message.ts';
import { Failure, UsageError } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { HeldElsewhere, type Lock, lockFolder, settleLock } from '../run/lock.ts';
import { claimRun } from './claim-run.ts';
import { completeRun } from './complete-run.ts';
import { inParallel } from './in-parallel.ts';
import type { Plan, StudyKind, StudyRun } from './kind.ts';

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
  /** Called for a run that another process has finished meanwhile. */
  onFound?(run: Run): void;
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
  const lock = await lockStudy(plan, options.onWait);
  try {
    const stops = (error: unknown): boolean => !(error instanceof HeldElsewhere);
    const isDone = await completeAll(kind, plan, plan.runs, options, stops);
    return isDone ? await reportOn(kind, plan, lock, options.command) : undefined;
  } finally {
    lock.release();
  }
}

/** What became of some runs of a study. */
export interface SomeRuns<Report> {
  /** Whether each of them has a result; false where a stop was requested. */
  readonly isDone: boolean;
  /** Runs of the whole study without a result. */
  readonly missing: number;
  /** The study's report, where this call has written it: no run is missing. */
  readonly report?: Report;
}

/**
 * The same for some runs of a study, while other processes and machines that share its folder may be at work on others.
 * @param chosen of the plan's runs
 * @param reportCommand the command line that the report names, where this call completes the study
 * @throws once all others are done, what the first run threw that failed; Failure that names a run that another process is at
 *   work on
 */
export async function runSome<
  Run extends StudyRun,
  Result,
  Report,
  Declared extends Plan<Run>,
  Progress,
>(
  kind: StudyKind<Run, Result, Report, Declared>,
  plan: Declared,
  chosen: readonly Run[],
  reportCommand: readonly string[],
  options: RunStudyOptions<Run, Progress>,
): Promise<SomeRuns<Report>> {
  makeFolder(plan.folder);
  const isDone = await completeAll(kind, plan, chosen, options, () => false);
  const missing = countMissing(kind, plan);
  if (!isDone || missing > 0) return { isDone, missing };
  try {
    const lock = await lockStudy(plan, options.onWait);
    try {
      return { isDone, missing, report: await reportOn(kind, plan, lock, reportCommand) };
    } finally {
      lock.release();
    }
  } catch (error) {
    // Whoever holds the study's lock now writes its report.
    if (error instanceof HeldElsewhere) return { isDone, missing };
    throw error;
  }
}

/** Runs without a result. Results are read only where there is one of each: one call of many would read them all. */
function countMissing<Run extends StudyRun>(
  kind: Pick<StudyKind<Run, unknown, unknown, Plan<Run>>, 'saved'>,
  { runs }: Plan<Run>,
): number {
  const folders = [...new Set(runs.map(({ result }) => dirname(result)))];
  const present = new Set(
    folders.flatMap((folder) =>
      fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => join(folder, name)) : [],
    ),
  );
  const absent = runs.filter(({ result }) => !present.has(result)).length;
  return absent > 0 ? absent : runs.filter((run) => kind.saved(run) === undefined).length;
}

/** Makes a study's folder and locks it. @throws HeldElsewhere if another process has it */
export async function lockStudy(
  { folder }: Plan<StudyRun>,
  onWait: ((sentence: string) => void) | undefined,
): Promise<Lock> {
  makeFolder(folder);
  await settleLock(folder, onWait);
  return lockFolder(folder);
}

async function reportOn<Run extends StudyRun, Result, Report, Declared extends Plan<Run>>(
  kind: StudyKind<Run, Result, Report, Declared>,
  plan: Declared,
  lock: Lock,
  command: readonly string[],
): Promise<Report> {
  const results = plan.runs.map((run) => {
    const saved = kind.saved(run);
    if (saved !== undefined) return saved;
    throw new Failure(`${run.result} has gone while the study ran; run the same command again`);
  });
  lock.requireHeld();
  return kind.report(plan, results, command);
}

/**
 * @param stops whether the error of one run stops the others
 * @returns whether all of them have a result; false where a stop was requested
 */
async function completeAll<
  Run extends StudyRun,
  Result,
  Report,
  Declared extends Plan<Run>,
  Progress,
>(
  kind: StudyKind<Run, Result, Report, Declared>,
  plan: Declared,
  runs: readonly Run[],
  options: RunStudyOptions<Run, Progress>,
  stops: (error: unknown) => boolean,
): Promise<boolean> {
  const { jobs = availableParallelism(), signal: stop = new AbortController().signal } = options;
  const { command } = options;
  const onNote = (run: Run, sentence: string): void => options.onNote?.(run, sentence);
  await kind.prepare?.(plan, onNote);
  const missing: Run[] = [];
  requireAll(runs, (run) => {
    if (kind.saved(run) === undefined) missing.push(run);
  });
  options.onStart?.(runs.length - missing.length);
  const errors: unknown[] = [];
  await inParallel(missing, jobs, stop, async (run, signal) => {
    const note = (sentence: string): void => onNote(run, sentence);
    try {
      const lock = await claimRun(run, note);
      try {
        if (kind.saved(run) !== undefined) return options.onFound?.(run);
        if (fs.existsSync(run.result)) note('the evaluation settings have changed');
        const result = await completeRun<Run, Result, Progress>(kind, run, {
          ...{ command, lock, signal, onNote: note },
          onProgress: (progress) => options.onProgress?.(run, progress),
          onEvaluate: () => options.onEvaluate?.(run),
        });
        if (result !== undefined) options.onFinish?.(run);
      } finally {
        lock.release();
      }
    } catch (error) {
      if (stops(error)) throw error;
      if (missing.length > 1) note(errorMessage(error).message);
      errors.push(error);
    }
  });
  if (stop.aborted) return false;
  const [first, ...more] = errors;
  if (more.length > 0) throw new Failure(`${errorMessage(first).message}${andMore(more.length)}`);
  if (first !== undefined) throw first;
  return true;
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
  if (first !== undefined) throw new UsageError(`${first.message}${andMore(more.length)}`);
}

const andMore = (count: number): string => (count > 0 ? ` (and ${count} more)` : '');
