import type { Lock } from '../run/lock.ts';

/** One training of a study, and what becomes of it: what all kinds of study have in common. */
export interface StudyRun {
  /** Names the run in progress and errors. */
  readonly label: string;
  /** The run's folder. */
  readonly path: string;
  /** The file that keeps its result. */
  readonly result: string;
}

/** Everything that a study runs, decided before anything is. */
export interface Plan<Run extends StudyRun> {
  /** Where runs, results and report go. */
  readonly folder: string;
  readonly runs: readonly Run[];
}

/** A kind of study: how its runs are trained, measured and reported. Everything else is the same for all of them. */
export interface StudyKind<Run extends StudyRun, Result, Report, Declared extends Plan<Run>> {
  /** Called before anything is read. @param onNote is given a sentence that concerns a run */
  prepare?(plan: Declared, onNote: (run: Run, sentence: string) => void): Promise<void>;
  /**
   * The result of a run, if it has the declared one.
   * @throws Failure for a file that is not a result; UsageError for the result of another run, or for a run of another training
   */
  saved(run: Run): Result | undefined;
  /** The module whose process trains one run; it calls `serveTraining`. */
  readonly process: URL;
  /** The message that tells the process what to train. @param command the command line, for the run's record */
  order(run: Run, command: readonly string[]): object;
  /** Measures a trained run and saves the result. @param lock asked right before it is written @param onNote is given a sentence about damage */
  evaluate(
    run: Run,
    lock: Pick<Lock, 'requireHeld'>,
    onNote: (sentence: string) => void,
  ): Promise<Result>;
  /** Writes the report into the study's folder. @param command the command line that regenerates it */
  report(plan: Declared, results: readonly Result[], command: readonly string[]): Promise<Report>;
}
