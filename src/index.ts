/** The program as a library: trainings, the folders they live in, evaluations and reports. */
export { Failure, UsageError } from './errors.ts';
export { type CompareOptions, type Comparison, compareRuns } from './evaluation/compare.ts';
export { type EvaluateOptions, evaluate } from './evaluation/evaluate.ts';
export { type ExplainOptions, type Explanation, explain } from './explain/explain.ts';
export { formatExplanation } from './explain/text.ts';
export { exportStep } from './export/step-model.ts';
export type { Evaluation, Policy, Row } from './report/results.ts';
export { type Summary, summarise } from './report/summary.ts';
export {
  type Checkpoint,
  type CheckpointName,
  holdsRun,
  loadCheckpoint,
  openRun,
  type Run,
  readRunMetrics,
} from './run/folder.ts';
export { decode as decodeSafetensors, encode as encodeSafetensors } from './run/safetensors.ts';
export { descriptionOf, type RunDescription } from './training/description.ts';
export { loadAgent, type SavedAgent } from './training/saved-agent.ts';
export { resolveSettings, type Wishes } from './training/settings.ts';
export { splitWorlds } from './training/split.ts';
export {
  type NewRun,
  type TrainHooks,
  type TrainProgress,
  type TrainResult,
  trainNew,
  trainOn,
} from './training/train.ts';
export {
  DivergedError,
  Trainer,
  type TrainerState,
  type TrainResources,
  type TrainSettings,
  type UpdateReport,
  worldShapeOf,
} from './training/trainer.ts';
export { VERSION } from './version.ts';
export { findWorldOfRun, type WorldFinding } from './worlds/of-run.ts';
export { findWorld, type LoadedWorld, type WorldSource } from './worlds/source.ts';
