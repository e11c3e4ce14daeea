import fs from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { UsageError } from '../common/errors.ts';
import { makeFolder } from '../common/make-folder.ts';
import { type StudyReport, studyReport } from '../evaluate/report-lines.ts';
import { trustPlugins } from '../plugins/of-run.ts';
import { type Lock, lockFolder, settleLock } from '../run/lock.ts';
import type { TrainProgress } from '../train/logbook.ts';
import { planStudy, planStudyFile } from './plan-study.ts';
import type { PlannedRun, StudyPlan } from './planned-run.ts';
import { evaluatePlanned, type Result, savedResult } from './results.ts';
import { requireRunAsDeclared, trainingOf } from './same-training.ts';
import type { StudySpec } from './study-file.ts';
import { trainAll } from './trainings.ts';
import { writeReport } from './write-report.ts';

export interface StudyOptions {
  /** Trainings at once; as many as there are cores by default. */
  readonly jobs?: number | undefined;
  /** Threads that step the worlds of each training; its own thread does by default. */
  readonly envWorkers?: number | undefined;
  /** The command line that the report and the runs name. */
  readonly command?: readonly string[];
  /** Stops the study once it aborts: trainings are saved, an evaluation is abandoned. */
  readonly signal?: AbortSignal;
  /** Called with a sentence before a wait for whoever may be running the study elsewhere. */
  onWait?(sentence: string): void;
  /** Called first, with the number of runs that have a result from before. */
  onStart?(finished: number): void;
  onProgress?(run: PlannedRun, progress: TrainProgress): void;
  onEvaluate?(run: PlannedRun): void;
  onFinish?(run: PlannedRun): void;
  onNote?(run: PlannedRun, sentence: string): void;
}

/** Where a study goes by default: `runs/` and the name of its file, or `runs/study`. */
export const usualFolder = (file?: string): string =>
  join('runs', file === undefined ? 'study' : basename(file, extname(file)));

/**
 * Runs a study as `timegrid study` does: trains every agent with every seed, evaluates each run and writes a report. A run that
 * has a result already is not trained or evaluated again, so a study that was stopped is resumed by calling this again.
 * @param declared what to study, or the path of a file that declares it
 * @param options `folder` is where runs, results and report go; `runs/study`, or `runs/` and the file's name, by default.
 *   `allowCode` imports worlds and pathways that the file names by their paths, even if this user has not run them before
 * @returns the report; undefined if the signal aborted
 * @throws UsageError for a mistake in what is declared, before anything is trained
 * @throws Failure or UsageError as `train` and `evaluate` do; what was finished before is kept
 */
export async function study(
  declared: StudySpec | string,
  {
    folder,
    allowCode,
    ...options
  }: StudyOptions & { readonly folder?: string | undefined; readonly allowCode?: boolean } = {},
): Promise<StudyReport | undefined> {
  const plan =
    typeof declared === 'string'
      ? await planStudyFile(declared, folder ?? usualFolder(declared), allowCode)
      : await planStudy(declared, { folder: folder ?? usualFolder() });
  return runStudy(plan, options);
}

/**
 * Trains and evaluates every run of a study that has no result yet, and writes the report into its folder. Results and runs that
 * are there already are used as they are, provided that they are of the declared training.
 * @returns the report; undefined where a stop was requested
 * @throws Failure or UsageError in one sentence; what was finished before is kept
 */
export async function runStudy(
  plan: StudyPlan,
  options: StudyOptions = {},
): Promise<StudyReport | undefined> {
  const { command = ['timegrid', 'study'] } = options;
  makeFolder(plan.folder);
  await settleLock(plan.folder, options.onWait);
  const lock = lockFolder(plan.folder);
  try {
    const results = await runAll(plan, { ...options, command }, lock);
    if (!results) return undefined;
    const report = studyReport(plan, results);
    lock.requireHeld();
    await writeReport(plan.folder, report, results, command);
    return report;
  } finally {
    lock.release();
  }
}

/** @returns all results, in the order of the plan; undefined where a stop was requested */
async function runAll(
  { file, runs }: StudyPlan,
  options: StudyOptions & Required<Pick<StudyOptions, 'command'>>,
  lock: Lock,
): Promise<Result[] | undefined> {
  const { jobs = availableParallelism(), signal: stop = new AbortController().signal } = options;
  for (const run of file === undefined ? [] : runs) {
    await trustPlugins(file, run.settings).catch((error) => options.onNote?.(run, error.message));
  }
  const results = new Map<PlannedRun, Result>();
  requireAll(runs, (run) => {
    const saved = savedResult(run);
    if (saved) results.set(run, saved);
    else requireRunAsDeclared(run.path, trainingOf(run.settings));
  });
  const missing = runs.filter((run) => !results.has(run));
  options.onStart?.(results.size);
  for (const run of missing) {
    for (const file of [run.path, run.result]) makeFolder(dirname(file));
    if (fs.existsSync(run.result)) options.onNote?.(run, 'the evaluation settings have changed');
  }
  const isTrained = await trainAll(missing, {
    ...{ jobs, stop, command: options.command, envWorkers: options.envWorkers },
    onProgress: (run, progress) => options.onProgress?.(run, progress),
    onNote: (run, sentence) => options.onNote?.(run, sentence),
    async onTrained(run) {
      options.onEvaluate?.(run);
      results.set(run, await evaluatePlanned(run, lock, (note) => options.onNote?.(run, note)));
      if (!stop.aborted) options.onFinish?.(run);
    },
  });
  return isTrained ? runs.map((run) => results.get(run)!) : undefined;
}

/** Checks every run. @throws the first UsageError, with the number of further ones */
function requireAll(runs: readonly PlannedRun[], check: (run: PlannedRun) => void): void {
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
