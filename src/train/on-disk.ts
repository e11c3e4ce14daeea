import { dropKept, keep, listKept } from '../run/kept-checkpoints.ts';
import { saveCheckpoint, type TrainingRun } from '../run/training-run.ts';
import type { TrainingRecord } from './logbook.ts';

/** Records a training in its run's folder. */
export const onDisk = (run: TrainingRun): TrainingRecord => ({
  path: run.path,
  addMetrics: (record) => run.metrics.append(record),
  addScalars: (frames, scalars, wallTime) => run.events.append(frames, scalars, wallTime),
  save: (checkpoint) => saveCheckpoint(run, checkpoint),
  listKept: () => listKept(run.path),
  dropKept: (files) => dropKept(run.path, ({ file }) => files.has(file)),
  keep(frames, tensors) {
    run.requireHeld();
    keep(run.path, frames, tensors);
  },
});
