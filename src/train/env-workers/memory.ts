import type { BatchObservation, Env } from '../../../env/index.ts';
import type { WorldResults } from './worlds.ts';

/** What the threads that step a shard's worlds share with it, all in shared memory, a row for each world. */
export interface WorldMemory extends WorldResults {
  /** [B] */
  readonly actions: Int32Array;
  readonly observation: BatchObservation;
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
  const rows = (part: object): object => {
    if (!ArrayBuffer.isView(part)) {
      return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, rows(one)]));
    }
    const array = part as Uint8Array;
    const size = array.length / B;
    return array.subarray(first * size, (first + count) * size);
  };
  return rows(memory) as WorldMemory;
}
