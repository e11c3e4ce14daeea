import type { NacWeights } from '../play/acting-agent.ts';
import type { RecordedStart } from '../play/episode-recorder.ts';
import type { EpisodeEnd } from '../play/episodes.ts';
import type { ClientBudget } from './client-budget.ts';
import type { Refusal } from './refusal.ts';
import type { NewSteps, WrittenStep } from './written-step.ts';

/** An episode as a connection sees it: whole, or growing as it is played. */
export interface StreamedEpisode {
  /** Names the agent's parameters; null for a replay. */
  readonly checkpoint: string | null;
  /** The accumulator of an agent that was kept; null: it has none. */
  readonly nac?: NacWeights | null | undefined;
  /** Null until it has begun. */
  readonly start: RecordedStart | null;
  readonly steps: readonly WrittenStep[];
  /** Set once all of its steps are there. */
  readonly end: EpisodeEnd | null;
  /** Set where it cannot be played, or not any further. */
  readonly refusal: Refusal | null;
  /** The first step at which a replay differs from the world. */
  readonly differsAt: number | null;
  /** A picture that its start or steps name, in its form on the wire. */
  picture(hash: number): Uint8Array;
  /** Asks for the steps below `horizon`. */
  want(horizon: number): void;
  /** Tells somebody whenever there is more of it, until `unfollow`; it is kept in memory that long. */
  follow(follower: Follower): void;
  unfollow(follower: Follower): void;
}

/** Somebody who waits for more of an episode. */
export interface Follower {
  /** Pays for what is played. */
  readonly budget: ClientBudget;
  /** Steps that it has been sent and does not need again. */
  readonly taken: number;
  onMore(): void;
}

/** A complete episode. */
export interface WholeEpisode extends Omit<NewSteps, 'error'> {
  readonly start: RecordedStart;
  readonly end: EpisodeEnd;
  readonly differsAt: number | null;
}

export function asStreamed(episode: WholeEpisode, checkpoint: string | null): StreamedEpisode {
  const { start, steps, pictures, end, differsAt } = episode;
  const byHash = new Map(pictures.map(({ hash, bytes }) => [hash, bytes]));
  return {
    ...{ checkpoint, start, steps, end, differsAt, refusal: null },
    picture: (hash) => byHash.get(hash)!,
    want() {},
    follow() {},
    unfollow() {},
  };
}
