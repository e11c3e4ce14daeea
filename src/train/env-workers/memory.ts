import type { BatchObservation, Env } from '../../../env/index.ts';

/** What the threads that step a shard's worlds share with it, all in shared memory, a row for each world. */
export interface WorldMemory {
  /** [B] */
  readonly actions: Int32Array;
  readonly observation: BatchObservation;
  /** As an `EnvVector` has them. */
  readonly reward: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly finalObservation: BatchObservation;
  readonly episodeReturn: Float64Array;
  readonly episodeLength: Int32Array;
}

/** Memory for `B` worlds, all zeros. */
export function allocateMemory(
  B: number,
  { observationSpace }: Pick<Env, 'observationSpace'>,
): WorldMemory {
  const bytes = (length: number) => new Uint8Array(new SharedArrayBuffer(length));
  const floats = (length: number) => new Float32Array(new SharedArrayBuffer(4 * length));
  const integers = () => new Int32Array(new SharedArrayBuffer(4 * B));
  const observation = (): BatchObservation => ({
    pixels: bytes(B * observationSpace.pixels.length),
    instruction: floats(B * observationSpace.instruction.length),
  });
  return {
    actions: integers(),
    observation: observation(),
    reward: floats(B),
    terminated: bytes(B),
    truncated: bytes(B),
    finalObservation: observation(),
    episodeReturn: new Float64Array(new SharedArrayBuffer(8 * B)),
    episodeLength: integers(),
  };
}

/** The rows of `count` worlds from world `first` on, in the same memory. @param B how many worlds `memory` is for */
export function share(memory: WorldMemory, B: number, first: number, count: number): WorldMemory {
  const rows = <Rows extends { readonly length: number; subarray(from: number, to: number): Rows }>(
    array: Rows,
  ): Rows => {
    const size = array.length / B;
    return array.subarray(first * size, (first + count) * size);
  };
  const batch = ({ pixels, instruction }: BatchObservation): BatchObservation => ({
    pixels: rows(pixels),
    instruction: rows(instruction),
  });
  return {
    actions: rows(memory.actions),
    observation: batch(memory.observation),
    reward: rows(memory.reward),
    terminated: rows(memory.terminated),
    truncated: rows(memory.truncated),
    finalObservation: batch(memory.finalObservation),
    episodeReturn: rows(memory.episodeReturn),
    episodeLength: rows(memory.episodeLength),
  };
}
