import { type StudyReport, studyReport } from '../evaluate/report-lines.ts';
import { trustPlugins } from '../plugins/of-run.ts';
import type { StudyKind } from './kind.ts';
import type { PlannedRun, StudyPlan } from './planned-run.ts';
import type { Result } from './result.ts';
import { evaluatePlanned, savedResult } from './results.ts';
import { requireRunAsDeclared, trainingOf } from './same-training.ts';
import type { TrainingOrder } from './train-as-ordered.ts';
import { writeReport } from './write-report.ts';

/** How this machine trains the runs of a study, which changes no result. */
export interface TrainingChoices {
  /** Threads that step the worlds of each training; its own thread does by default. */
  readonly envWorkers?: number | undefined;
  /** Checkpoints to keep of each training, to watch how the agents learned; as many as the study declares by default. */
  readonly keepCheckpoints?: number | undefined;
}

/** How the runs of a study of agents are trained, measured and reported. */
export const agentStudy = ({
  envWorkers,
  keepCheckpoints,
}: TrainingChoices = {}): StudyKind<PlannedRun, Result, StudyReport, StudyPlan> => ({
  async prepare({ file, runs }, onNote) {
    for (const run of file === undefined ? [] : runs) {
      await trustPlugins(file, run.settings).catch((error) => onNote(run, error.message));
    }
  },
  saved(run) {
    const saved = savedResult(run);
    if (!saved) requireRunAsDeclared(run.path, trainingOf(run.settings));
    return saved;
  },
  process: new URL('./training-process.js', import.meta.url),
  order: ({ path, settings, keep }, command): TrainingOrder => ({
    ...{ path, settings, command, envWorkers },
    keep: keepCheckpoints ?? keep,
  }),
  evaluate: evaluatePlanned,
  async report(plan, results, command) {
    const report = studyReport(plan, results, plan.failed);
    await writeReport(plan.folder, report, results, command);
    return report;
  },
});
