/** The process of one run from the queue: its training and its evaluation. Code of the user's own is imported here alone. */

import type { PlannedRun } from '../study/planned-run.ts';
import { evaluatePlanned } from '../study/results.ts';
import { serveTraining } from '../study/serve-training.ts';
import { findOrdered, trainAsOrdered } from '../study/train-as-ordered.ts';
import type { TrainProgress } from '../train/logbook.ts';

/** What the process is told. */
export interface RunOrder {
  readonly run: PlannedRun;
  readonly command: readonly string[];
  readonly envWorkers: number | undefined;
}

/** Errors that another machine would meet, too, by their names: the user's mistakes, and what stopped a training from within. */
const MISTAKES = ['UsageError', 'OptionError', 'ConfigError', 'UnknownEnvError'];
const OWN_CAUSES = ['WorldError', 'DivergedError'];

serveTraining<RunOrder, TrainProgress | 'evaluating'>(async (order, calls) => {
  const { run, command, envWorkers } = order;
  const { path, settings } = run;
  await findOrdered({ settings });
  try {
    const isTrained = await trainAsOrdered({ path, settings, command, envWorkers }, calls);
    if (!isTrained) return false;
    // An evaluation is abandoned: a thread that plays cannot be asked to stop.
    calls.signal.addEventListener('abort', () => process.exit(0));
    if (calls.signal.aborted) return false;
    calls.onProgress('evaluating');
    await evaluatePlanned(run, { requireHeld() {} }, calls.onNote);
    return true;
  } catch (error) {
    const { name, cause } = Object(error) as Error;
    const isOwn = MISTAKES.includes(name) || OWN_CAUSES.includes(Object(cause).name);
    throw isOwn ? Object.assign(error as Error, { isOwn: 1 }) : error;
  }
});
