/** The program as a library: train, evaluate and explain agents, act with them, and read their runs. */
export { checkPathway } from './check/check-pathway.ts';
export { Failure, UsageError } from './common/errors.ts';
export { VERSION } from './common/version.ts';
export type { NumbersGiven } from './evaluate/choose-numbers.ts';
export {
  type EvaluateOptions,
  evaluate,
  type RunsEvaluation,
} from './evaluate/evaluate.ts';
export type { ReportLine, StudyReport } from './evaluate/report-lines.ts';
export type { ErrorSummary, Evaluation, PolicyComparison, Row } from './evaluate/results.ts';
export type { Summary } from './evaluate/summary.ts';
export { type ExplainOptions, type Explanation, explain } from './explain/explain.ts';
export { exportAgent } from './export/agent-alone.ts';
export { exportStep } from './export/step-model.ts';
export { type NumeracyOptions, numeracy } from './numeracy/numeracy.ts';
export type { TaskReport } from './numeracy/task.ts';
export { type Agent, type AgentAction, type LoadAgentOptions, loadAgent } from './play/agent.ts';
export type { Policy } from './play/episodes.ts';
export { findPathway, type LoadedPathway } from './plugins/pathways.ts';
export { findWorld, type LoadedWorld } from './plugins/worlds.ts';
export { formatExplanation } from './render/explanation.ts';
export type { Checkpoint } from './run/checkpoint.ts';
export type { CheckpointName } from './run/checkpoint-names.ts';
export { descriptionOf, type RunDescription } from './run/description.ts';
export { holdsRun, openRun, type Run, readRunMetrics } from './run/folder.ts';
export { loadCheckpoint } from './run/load-checkpoint.ts';
export {
  PRETRAINED,
  PRETRAINED_WORLDS,
  type Pretrained,
  pretrainedFor,
  pretrainedRun,
} from './run/pretrained.ts';
export type { TrainSettings } from './run/train-settings.ts';
export { type StudyOptions, study } from './study/study.ts';
export type { StudySpec } from './study/study-file.ts';
export type { TrainProgress } from './train/logbook.ts';
export type { TrainOptions } from './train/options.ts';
export { type TrainCallbacks, type TrainResult, train } from './train/train.ts';
