/** The process that trains one run of a task. */

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

serveTraining<TaskOrder, TaskProgress>(({ path, task, run, context }, calls) =>
  trainTask(path, taskOf(task), run, context, calls),
);
