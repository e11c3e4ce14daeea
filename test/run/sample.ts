import type { NamedTensors } from '../../src/run/safetensors.ts';

/** Tensors that tell how many frames they were saved at. */
export function tensorsAt(frames: number): NamedTensors {
  return {
    weights: { shape: [2, 3], data: new Float32Array(6).fill(frames) },
    steps: { shape: [], data: Float32Array.of(frames) },
  };
}

/** A checkpoint of which every part tells how many frames it was saved at. */
export function checkpointAt(frames: number, isBest = false) {
  return { frames, tensors: tensorsAt(frames), state: { generator: { i: frames } }, isBest };
}

/** What {@link checkpointAt} is once loaded. */
export function loadedAt(frames: number) {
  const { isBest, ...loaded } = checkpointAt(frames);
  return loaded;
}
