import { basename, extname, join } from 'node:path';
import type { StudyReport } from '../evaluate/report-lines.ts';
import type { TrainProgress } from '../train/logbook.ts';
import { agentStudy, type TrainingChoices } from './agent-study.ts';
import { planStudy, planStudyFile } from './plan-study.ts';
import type { PlannedRun, StudyPlan } from './planned-run.ts';
import { type RunStudyOptions, runSome, runStudy, type SomeRuns } from './run-study.ts';
import type { StudySpec } from './study-file.ts';

export interface StudyOptions
  extends TrainingChoices,
    Partial<RunStudyOptions<PlannedRun, TrainProgress>> {}

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
  return runAgentStudy(plan, options);
}

/** Runs a planned study of agents. @see runStudy */
export function runAgentStudy(
  plan: StudyPlan,
  { envWorkers, keepCheckpoints, command = ['timegrid', 'study'], ...options }: StudyOptions = {},
): Promise<StudyReport | undefined> {
  return runStudy(agentStudy({ envWorkers, keepCheckpoints }), plan, { ...options, command });
}

/** Does some runs of a planned study of agents. @see runSome */
export function runSomeAgents(
  plan: StudyPlan,
  chosen: readonly PlannedRun[],
  reportCommand: readonly string[],
  { envWorkers, keepCheckpoints, command = ['timegrid', 'study'], ...options }: StudyOptions = {},
): Promise<SomeRuns<StudyReport>> {
  return runSome(agentStudy({ envWorkers, keepCheckpoints }), plan, chosen, reportCommand, {
    ...options,
    command,
  });
}
