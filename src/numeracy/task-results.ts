import fs from 'node:fs';
import * as z from 'zod';
import { writeWithin } from '../common/output.ts';
import { stringifyChecked } from '../run/checked-json.ts';
import { readWhole } from '../run/json.ts';
import type { Lock } from '../run/lock.ts';
import { requireSameTraining } from '../study/same-training.ts';
import type { PlannedTaskRun } from './plan-task.ts';
import type { TaskResult } from './task.ts';
import { trainedTensors } from './train-task.ts';

const resultSchema = z.strictObject({
  task: z.string(),
  name: z.string(),
  settings: z.record(z.string(), z.json()),
  result: z.unknown(),
});

/**
 * The kept result of a run.
 * @throws Failure for a file that is damaged; UsageError for the result of another run
 */
export function savedTaskResult(planned: PlannedTaskRun): TaskResult | undefined {
  const { task, run, result: path } = planned;
  if (!fs.existsSync(path)) return undefined;
  const whole = resultSchema.extend({ result: task.result as z.ZodType<TaskResult> });
  const { content } = readWhole(path, whole);
  const declared = { task: task.id, name: run.name, ...run.settings };
  const found = { task: content.task, name: content.name, ...content.settings };
  requireSameTraining(path, found, declared);
  return content.result;
}

/** Measures a trained run, and keeps the result. */
export async function evaluateTaskRun(
  { task, run, context, path, result: file }: PlannedTaskRun,
  lock: Pick<Lock, 'requireHeld'>,
): Promise<TaskResult> {
  const result = await task.evaluate(run, trainedTensors(path, task, run), context);
  lock.requireHeld();
  const content = { task: task.id, name: run.name, settings: run.settings, result };
  writeWithin(file, stringifyChecked(content, 'result', 1).text);
  return result;
}
