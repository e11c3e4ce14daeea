import type { EpisodeEnd, EpisodeStart, WrittenStep } from '../play/written-step.ts';
import type { Refusal } from './refusal.ts';

/** An episode as a connection sees it: whole, or growing as it is played. */
export interface StreamedEpisode {
  /** Names the agent's parameters; null for a replay. */
  readonly checkpoint: string | null;
  /** Null until it has begun. */
  readonly opening: EpisodeStart | null;
  readonly steps: readonly WrittenStep[];
  /** Set once all of its steps are there. */
  readonly ending: EpisodeEnd | null;
  /** Set where it cannot be played, or not any further. */
  readonly refusal: Refusal | null;
  /** The first step at which a replay differs from the world. */
  readonly differsAt: number | null;
  /** A picture that its opening or steps name, in its form on the wire. */
  picture(number: number): Uint8Array;
  /** Asks for the steps below `horizon`. */
  want(horizon: number): void;
  /** Calls `listener` whenever there is more of it, until `unfollow`; it is kept in memory that long. */
  follow(listener: () => void): void;
  unfollow(listener: () => void): void;
}
