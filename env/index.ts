/** The worlds: what an agent acts in. */

/** The zod that options are written in. */
export { z } from 'zod';
export { closestMatch } from './closest.ts';
export * from './contract.ts';
export { type DrawGrid, type GridLook, gridDrawer, type Rgb } from './drawing.ts';
export { EnvError, OptionError, UnknownEnvError, WorldError } from './errors.ts';
export { fixing, type InstructedNumber } from './number.ts';
export {
  describeOptions,
  type OptionDescription,
  type OptionsSchema,
  parseOptions,
} from './options.ts';
export { Random, type RandomState, type Seed } from './random.ts';
export { findSpec, make, register, specs } from './registry.ts';
export { Box, Discrete } from './spaces.ts';
export { TimedGrid } from './timed-grid.ts';
export type { TimedGridInput, TimedGridOptions } from './timed-grid-options.ts';
export {
  type BatchObservation,
  EnvVector,
  type VectorResetArguments,
  type VectorSettings,
} from './vector.ts';
