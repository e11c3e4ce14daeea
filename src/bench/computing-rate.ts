import type { ProgramPart, UpdatePart } from './break-down.ts';
import { YARDSTICK_FLOPS } from './matmul.ts';
import type { ProgramsResult } from './programs.ts';

/** How fast something computes. */
export interface ComputingRate {
  readonly gflopPerSecond: number;
  /** As a share of the yardstick's rate. */
  readonly yardstickShare: number;
}

/** A part of an update, and how fast it computes; null where it computes nothing. */
export type Rated<Part extends UpdatePart> = Part & { readonly rate: ComputingRate | null };

export interface RatedProgramsResult extends ProgramsResult {
  readonly programs: readonly Rated<ProgramPart>[];
  readonly whole: Rated<UpdatePart>;
}

/** @param yardstick milliseconds of the yardstick's product */
export function withRates(result: ProgramsResult, yardstick: number): RatedProgramsResult {
  const rated = <Part extends UpdatePart>(part: Part): Rated<Part> => ({
    ...part,
    rate: rateOf(part, yardstick),
  });
  return { ...result, programs: result.programs.map(rated), whole: rated(result.whole) };
}

function rateOf({ gflop, milliseconds }: UpdatePart, yardstick: number): ComputingRate | null {
  if (gflop === 0 || milliseconds === 0) return null;
  const gflopPerSecond = (1000 * gflop) / milliseconds;
  const reference = YARDSTICK_FLOPS / 1e6 / yardstick;
  return { gflopPerSecond, yardstickShare: gflopPerSecond / reference };
}
