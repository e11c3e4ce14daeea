import type { Position } from '../play/world-episode.ts';

/** An episode that arrived. */
export interface Arrival {
  /** The number of the episode. */
  readonly number: number;
  /** Where the agent was before each step and after the last, which was onto the target. */
  readonly path: readonly Position[];
}

/** When an agent leaves one distance from the target for good. */
export interface Departure {
  /** In steps, across and down. */
  readonly distance: number;
  /** Episodes that were ever so far away. */
  readonly episodes: number;
  /** The time left when it was last so far away or further, in steps: below zero it was over. */
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

/** Rounding errors of positions are smaller, steps larger. */
const STILL = 1e-6;

const apart = (a: Position, b: Position): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

/** The smallest move in any of these paths, as a fraction of the picture; null where nothing ever moves. */
export function stepLength(paths: readonly (readonly Position[])[]): number | null {
  let least = Number.POSITIVE_INFINITY;
  for (const path of paths) {
    for (let i = 1; i < path.length; i++) {
      const length = apart(path[i - 1]!, path[i]!);
      if (length > STILL && length < least) least = length;
    }
  }
  return Number.isFinite(least) ? least : null;
}

/**
 * The time left when an agent leaves each distance from the target for good, nearest first. One that sets off at the last moment
 * leaves distance d with d steps left.
 * @param arrivals at any numbers
 * @param step length of a step, as a fraction of the picture
 */
export function departuresOf(arrivals: readonly Arrival[], step: number): Departure[] {
  const left = new Map<number, number[]>();
  for (const { number, path } of arrivals) {
    let furthest = 0;
    // From the end backwards, the first moment at a distance is the last one there.
    for (let moment = path.length - 1; moment >= 0; moment--) {
      const distance = Math.round(apart(path[moment]!, path.at(-1)!) / step);
      for (; furthest < distance; furthest++) {
        const group = left.get(furthest + 1) ?? [];
        left.set(furthest + 1, group);
        group.push(number - moment);
      }
    }
  }
  return [...left]
    .sort(([a], [b]) => a - b)
    .map(([distance, numbers]) => ({
      ...{ distance, episodes: numbers.length, median: medianOf(numbers) },
      least: numbers.reduce((least, number) => Math.min(least, number)),
      greatest: numbers.reduce((greatest, number) => Math.max(greatest, number)),
    }));
}

/** The lower of the two in the middle, so that it is one of them. */
function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
}
