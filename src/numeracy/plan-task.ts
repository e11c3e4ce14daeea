import { join } from 'node:path';
import * as z from 'zod';
import { closestMatch } from '../../env/closest.ts';
import { UsageError } from '../common/errors.ts';
import { choice } from '../common/parse.ts';
import type { Plan, StudyRun } from '../study/kind.ts';
import { slug } from '../study/slug.ts';
import { readStudyFile } from '../study/study-file.ts';
import { loadOwnCells } from './own-cells.ts';
import type { Task, TaskContext, TaskRun, TaskSettings } from './task.ts';
import { settingsOf } from './task-settings.ts';
import { taskOf, tasks } from './tasks.ts';

/** One run of a task in a study. */
export interface PlannedTaskRun extends StudyRun {
  readonly task: Task;
  readonly run: TaskRun;
  readonly context: TaskContext;
}

/** A study of one task. */
export interface TaskPlan extends Plan<PlannedTaskRun> {
  readonly task: Task;
  readonly title: string;
  readonly settings: TaskSettings;
}

export interface PlanTaskOptions {
  /** Where runs, results and report go. */
  readonly folder: string;
  /** Settings of the task that differ from its defaults. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Takes the other settings from the short version. */
  readonly isQuick?: boolean | undefined;
  readonly dataFolder?: string | undefined;
  /** Files or packages with arithmetic cells of the person's own. */
  readonly cells?: readonly string[] | undefined;
  readonly title?: string | undefined;
  /** What errors call what is declared. */
  readonly where?: string;
}

/**
 * Decides everything that a study of a task will run, so that a mistake is reported before anything is trained.
 * @throws UsageError in one sentence
 */
export async function planTask(
  task: Task,
  { folder, set = {}, isQuick, dataFolder, cells = [], title = task.title, where }: PlanTaskOptions,
): Promise<TaskPlan> {
  const settings = settingsOf(task, set, { isQuick: isQuick === true, ...(where && { where }) });
  if (cells.length > 0) requireTakesCells(task, cells);
  const context: TaskContext = { dataFolder, ownCells: await loadOwnCells(cells) };
  const runs = (await task.runs(settings, context)).map((run): PlannedTaskRun => {
    const id = slug(run.name);
    return {
      ...{ task, run, context, label: `${task.id}, ${run.name}` },
      path: join(folder, 'runs', id),
      result: join(folder, 'results', `${id}.json`),
    };
  });
  return { task, title, settings, folder, runs };
}

function requireTakesCells({ id, takesCells }: Task, named: readonly string[]): void {
  if (takesCells) return;
  const others = tasks.filter((task) => task.takesCells).map((task) => task.id);
  throw new UsageError(
    `the task ${id} takes no cell of your own, such as ${named[0]}; ${others.join(' and ')} ${others.length > 1 ? 'do' : 'does'}`,
  );
}

const fileSchema = z.looseObject({ title: z.string().optional(), task: z.string() });

/**
 * Reads a file that declares a study of a task: `{"task": "identity", …}` with the task's settings, and a title.
 * @throws UsageError in one sentence that names the file
 */
export async function planTaskFile(
  path: string,
  options: Omit<PlanTaskOptions, 'set' | 'where' | 'title'>,
): Promise<TaskPlan> {
  const given = readStudyFile(path);
  if (Object(given).agents !== undefined) {
    throw new UsageError(`${path} declares a study of agents: run it with timegrid study ${path}`);
  }
  const parsed = fileSchema.safeParse(given);
  if (!parsed.success) {
    throw new UsageError(
      `${path} does not declare a task: it must be an object with "task", one of ${tasks.map(({ id }) => id).join(', ')}`,
    );
  }
  const { title, task: id, ...set } = parsed.data;
  const ids = tasks.map((task) => task.id);
  const task = taskOf(choice(`${path}: "task"`, ids)(id));
  return planTask(task, { ...options, set, title, where: path });
}

/** @throws UsageError naming the closest task */
export function requireTask(id: string): Task {
  const ids = tasks.map((task) => task.id);
  if (ids.includes(id)) return taskOf(id);
  const closest = closestMatch(id, ids);
  throw new UsageError(
    `there is no task "${id}"${closest ? `; did you mean "${closest}"?` : `; the tasks are ${ids.join(', ')}`}`,
  );
}
