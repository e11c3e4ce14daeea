import { join } from 'node:path';
import { holdsRun } from '../run/folder.ts';
import { metricsFile } from '../run/layout.ts';
import { newestMetrics } from '../run/metrics.ts';
import { readNames } from '../run/named-checkpoints.ts';
import type { PlannedRun } from './planned-run.ts';
import { savedResult } from './results.ts';
import { requireRunAsDeclared, trainingOf } from './same-training.ts';

/** How a run of a study stands, as its folder says. */
export interface RunState {
  /** `training`: it was begun, whether or not a process is at work on it now; `trained`: it is not evaluated yet. */
  readonly is: 'to do' | 'training' | 'trained' | 'done';
  /** How much of its training is done, 0 to 1; what came after its last checkpoint is lost where its process is killed. */
  readonly share: number;
}

/**
 * Reads how a run stands. It needs no lock: other processes may be at work on the run.
 * @throws UsageError or Failure for a run or a result of another training, or a damaged one
 */
export function runState(run: PlannedRun): RunState {
  if (savedResult(run) !== undefined) return { is: 'done', share: 1 };
  if (!holdsRun(run.path)) return { is: 'to do', share: 0 };
  requireRunAsDeclared(run.path, trainingOf(run.settings));
  const { totalFrames } = run.settings;
  const { last } = readNames(run.path, () => {});
  const saved = last === null ? 0 : Number.parseInt(last.folder, 10);
  if (saved >= totalFrames) return { is: 'trained', share: 1 };
  const trained = Number(newestMetrics(join(run.path, metricsFile))?.frames ?? 0);
  return { is: 'training', share: Math.min(1, Math.max(saved, trained) / totalFrames) };
}
