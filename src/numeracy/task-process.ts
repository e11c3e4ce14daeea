/** The process that trains one run of a task. */

import { requireCell } from '../plugins/cells.ts';
import { serveTraining } from '../study/serve-training.ts';
import type { TaskContext, TaskRun } from './task.ts';
import { taskOf } from './tasks.ts';
import { type TaskProgress, trainTask } from './train-task.ts';

export interface TaskOrder {
  readonly path: string;
  readonly task: string;
  readonly run: TaskRun;
  readonly context: TaskContext;
}

serveTraining<TaskOrder, TaskProgress>(async ({ path, task, run, context }, calls) => {
  for (const { source } of context.ownCells ?? []) await requireCell(source);
  return trainTask(path, taskOf(task), run, context, calls);
});
