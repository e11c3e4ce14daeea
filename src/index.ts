/** The program as a library: trainings, the folders they live in, evaluations and reports. */
export { Failure, UsageError } from './common/errors.ts';
export { VERSION } from './common/version.ts';
export { type EvaluateOptions, evaluate } from './evaluate/evaluate.ts';
export {
  type EvaluateRunsOptions,
  evaluateRuns,
  type RunsEvaluation,
} from './evaluate/evaluate-runs.ts';
export type { Evaluation, Row } from './evaluate/results.ts';
export { type Summary, summarise } from './evaluate/summary.ts';
export { type ExplainOptions, type Explanation, explain } from './explain/explain.ts';
export { formatExplanation } from './explain/text.ts';
export { exportStep } from './export/step-model.ts';
export { type Agent, type AgentAction, type LoadAgentOptions, loadAgent } from './play/agent.ts';
export type { Policy } from './play/episodes.ts';
export { findPluginsOfRun, type PluginFinding } from './plugins/of-run.ts';
export { findPathway, type LoadedPathway } from './plugins/pathways.ts';
export type { PluginSource } from './plugins/reference.ts';
export { findWorld, type LoadedWorld } from './plugins/worlds.ts';
export type { Checkpoint } from './run/checkpoint.ts';
export { descriptionOf, type RunDescription, type TrainSettings } from './run/description.ts';
export { holdsRun, openRun, type Run, readRunMetrics } from './run/folder.ts';
export { loadCheckpoint } from './run/load-checkpoint.ts';
export type { CheckpointName } from './run/pointers.ts';
export { decode as decodeSafetensors, encode as encodeSafetensors } from './run/safetensors.ts';
export type { TrainProgress } from './train/logbook.ts';
export type { TrainOptions } from './train/options.ts';
export { type TrainCallbacks, type TrainResult, train } from './train/train.ts';
