import type { BatchObservation, Info, Json } from '../../../env/index.ts';

/** What the latest step gave to each of B worlds, as an `EnvVector` has it. */
export interface WorldResults {
  readonly reward: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly finalObservation: BatchObservation;
  readonly episodeReturn: Float64Array;
  readonly episodeLength: Int32Array;
}

/** The worlds of a shard, stepped by its own thread (an `EnvVector`) or by others; where by others, every answer is a promise. */
export interface Worlds extends WorldResults {
  readonly finalInfo: readonly (Pick<Info, 'metrics'> | undefined)[];
  allocate(): BatchObservation;
  reset(args: { readonly seeds: readonly string[] }, into: BatchObservation): Soon<void>;
  step(actions: Int32Array, into: BatchObservation): Soon<void>;
  state(): Soon<Json>;
  restore(state: Json, into: BatchObservation): Soon<void>;
  close(): Soon<void>;
}

type Soon<Result> = Result | Promise<Result>;
