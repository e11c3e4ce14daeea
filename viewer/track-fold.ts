import type { Step } from '../src/watch/protocol.ts';
import type { Track } from './episode.ts';

/** Sums up the steps of tracks, each step once, however often it is asked while they arrive. */
export class TrackFold<Sum> {
  readonly #initial: Sum;
  readonly #add: (sum: Sum, step: Step) => Sum;
  readonly #known = new WeakMap<Track, { readonly count: number; readonly sum: Sum }>();

  constructor(initial: Sum, add: (sum: Sum, step: Step) => Sum) {
    this.#initial = initial;
    this.#add = add;
  }

  of(track: Track): Sum {
    const { steps } = track;
    const known = this.#known.get(track);
    // After a reconnection a track may be shorter for a while.
    let { count, sum } =
      known && known.count <= steps.length ? known : { count: 0, sum: this.#initial };
    for (; count < steps.length; count++) sum = this.#add(sum, steps[count]!);
    this.#known.set(track, { count, sum });
    return sum;
  }
}
