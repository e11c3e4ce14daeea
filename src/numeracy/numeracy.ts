import { join } from 'node:path';
import type { RunStudyOptions } from '../study/run-study.ts';
import { type PlannedTaskRun, type PlanTaskOptions, planTask, requireTask } from './plan-task.ts';
import type { TaskReport } from './task.ts';
import { runTaskStudy } from './task-study.ts';
import type { TaskProgress } from './train-task.ts';

export interface NumeracyOptions
  extends Partial<RunStudyOptions<PlannedTaskRun, TaskProgress>>,
    Pick<PlanTaskOptions, 'set' | 'isQuick' | 'dataFolder' | 'cells' | 'title'> {
  /** Where runs, results and report go; `runs/numeracy/` and the task's id by default. */
  readonly folder?: string | undefined;
}

/**
 * Runs one of the paper's other experiments as `timegrid numeracy` does: trains its models, measures each and writes a report. What
 * has a result already is not trained again, so a study that was stopped is resumed by calling this again.
 * @param task its id, such as `identity`
 * @returns what it found; undefined if the signal aborted
 * @throws UsageError for a task or a setting that cannot be, before anything is trained; Failure for damaged files
 */
export async function numeracy(
  task: string,
  { set, isQuick, dataFolder, cells, title, folder, ...options }: NumeracyOptions = {},
): Promise<TaskReport | undefined> {
  const found = requireTask(task);
  const plan = await planTask(found, {
    folder: folder ?? join('runs', 'numeracy', found.id),
    ...{ isQuick, dataFolder, cells, title },
    ...(set && { set }),
  });
  return runTaskStudy(plan, { command: ['timegrid', 'numeracy', task], ...options });
}
