import type { Env, Info, Json, ResetArguments } from './contract.ts';
import type { Seed } from './random.ts';
import type { Box, Discrete } from './spaces.ts';

/** The observations of `B` worlds in two arrays: uint8 [B, height, width, 3] and float32 [B, k]. */
export interface BatchObservation {
  readonly pixels: Uint8Array;
  readonly instruction: Float32Array;
}

export interface VectorState {
  readonly worlds: readonly Json[];
}

/** Signatures only; the body follows. */
export declare class EnvVector {
  readonly worlds: readonly Env[];
  readonly autoreset: boolean;
  /** Spaces of one world. */
  readonly observationSpace: { readonly pixels: Box; readonly instruction: Box };
  readonly actionSpace: Discrete;

  /** What the latest step led to; [B] each. */
  readonly reward: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** Rows valid where the latest step ended an episode: its last observation, its info, its return and its length. */
  readonly finalObservation: BatchObservation;
  readonly finalInfo: readonly (Info | undefined)[];
  readonly episodeReturn: Float64Array;
  readonly episodeLength: Int32Array;
  /** 1 where a world has ended and stays put until `resetAt` (never with autoreset). */
  readonly ended: Uint8Array;

  constructor(worlds: readonly Env[], settings?: { readonly autoreset?: boolean });
  /** A batch of the right size, zeros. */
  allocate(): BatchObservation;
  reset(
    args: { readonly seeds?: readonly Seed[]; readonly options?: ResetArguments['options'] },
    into: BatchObservation,
  ): void;
  resetAt(index: number, args: ResetArguments, into: BatchObservation): void;
  step(actions: Int32Array | Uint8Array, into: BatchObservation): void;
  state(): Json;
  /** Writes the observations of the restored state into `into`. */
  restore(state: Json, into: BatchObservation): void;
  close(): void;
}
