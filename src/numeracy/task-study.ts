import type { StudyKind } from '../study/kind.ts';
import { type RunStudyOptions, runStudy } from '../study/run-study.ts';
import type { PlannedTaskRun, TaskPlan } from './plan-task.ts';
import type { TaskReport, TaskResult } from './task.ts';
import type { TaskOrder } from './task-process.ts';
import { evaluateTaskRun, savedTaskResult } from './task-results.ts';
import type { TaskProgress } from './train-task.ts';
import { writeTaskReport } from './write-task-report.ts';

const taskStudy: StudyKind<PlannedTaskRun, TaskResult, TaskReport, TaskPlan> = {
  saved: savedTaskResult,
  process: new URL('./task-process.js', import.meta.url),
  order: ({ path, task, run, context }): TaskOrder => ({ path, task: task.id, run, context }),
  evaluate: evaluateTaskRun,
  report: writeTaskReport,
};

/** Runs a study of a task. @see runStudy */
export const runTaskStudy = (
  plan: TaskPlan,
  options: RunStudyOptions<PlannedTaskRun, TaskProgress>,
): Promise<TaskReport | undefined> => runStudy(taskStudy, plan, options);
