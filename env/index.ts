/** The worlds: what an agent acts in. */

/** The zod that options are written in. */
export { z } from 'zod';
export { closestMatch } from './closest.ts';
export * from './contract.ts';
export { EnvError, OptionError, UnknownEnvError, WorldError } from './errors.ts';
export { inspectWorld, type WorldFacts, withWorld } from './inspect.ts';
export {
  fixing,
  type InstructedNumber,
  instructionSymbols,
  type NumberName,
  type NumberValues,
  numbersOf,
  type OtherNumber,
  valuesIn,
} from './number.ts';
export {
  describeOptions,
  type OptionDescription,
  type OptionsSchema,
  parseOptions,
} from './options.ts';
export { pictureHash } from './picture-number.ts';
export { Random, type RandomState, type Seed } from './random.ts';
export { findSpec, make, register, specs } from './registry.ts';
export { Box, Discrete } from './spaces.ts';
export {
  type BatchObservation,
  EnvVector,
  type VectorResetArguments,
  type VectorSettings,
} from './vector.ts';
export {
  type DrawGrid,
  type DrawTiles,
  type GridLook,
  gridDrawer,
  type Rgb,
  type TileLook,
  tileDrawer,
} from './worlds/base/drawing.ts';
export { CountCoins } from './worlds/count-coins.ts';
export type { CountCoinsInput, CountCoinsOptions } from './worlds/count-coins-options.ts';
export {
  MovingTarget,
  type MovingTargetInput,
  type MovingTargetOptions,
} from './worlds/moving-target.ts';
export { PacedGrid, type PacedGridInput, type PacedGridOptions } from './worlds/paced-grid.ts';
export { TimedGrid, type TimedGridInput, type TimedGridOptions } from './worlds/timed-grid.ts';
export { TimedMaze } from './worlds/timed-maze.ts';
export type { TimedMazeInput, TimedMazeOptions } from './worlds/timed-maze-options.ts';
export { TwoTimes } from './worlds/two-times.ts';
export type { TwoTimesInput, TwoTimesOptions } from './worlds/two-times-options.ts';
export { ClipReward, type ClipRewardSettings } from './wrappers/clip-reward.ts';
export { FrameStack, type FrameStackSettings } from './wrappers/frame-stack.ts';
export { Grayscale } from './wrappers/grayscale.ts';
export { OrderEnforcing } from './wrappers/order-enforcing.ts';
export { PassiveEnvChecker } from './wrappers/passive-env-checker.ts';
export {
  type EpisodeStatistics,
  RecordEpisodeStatistics,
} from './wrappers/record-episode-statistics.ts';
export {
  type RecordedEpisode,
  RecordReplay,
  type RecordReplaySettings,
} from './wrappers/record-replay.ts';
export { StochasticAction } from './wrappers/stochastic-action.ts';
export { TimeLimit } from './wrappers/time-limit.ts';
export { TransformReward, type TransformRewardSettings } from './wrappers/transform-reward.ts';
export { asMade, unwrapped, wrapSpec } from './wrappers/wrap-spec.ts';
export { Wrapper } from './wrappers/wrapper.ts';
