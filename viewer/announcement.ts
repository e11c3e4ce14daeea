import {
  type Episode,
  FIRST_DIFFERENCE,
  firstDifference,
  sayVerdict,
  type Track,
  verdictOf,
} from './episode.ts';
import type { State } from './state.ts';

/** Faster than this, words would come too late. */
const FASTEST_TOLD = 2;

/** A player on screen. */
interface Player {
  readonly title: string;
  readonly episode: Episode | null;
  readonly track: Track | undefined;
}

/**
 * What has happened last by the moment on screen, for those who listen: who has come in and how, or that the agents first differ.
 * Nothing where that goes by too fast.
 */
export function announcementOf(
  players: readonly Player[],
  { episode, moment, playing, speed }: State,
): string {
  if (playing && speed > FASTEST_TOLD) return '';
  const difference = episode && firstDifference(episode);
  const events = players.flatMap(({ title, episode: own, track }) => {
    const verdict = track && own && verdictOf(own, track);
    return verdict ? [{ at: track.steps.length, says: `${title}: ${sayVerdict(verdict)}` }] : [];
  });
  if (difference !== null) events.unshift({ at: difference, says: FIRST_DIFFERENCE });
  const past = events.filter(({ at }) => at <= moment);
  if (past.length === 0) return '';
  const last = Math.max(...past.map(({ at }) => at));
  const says = past.filter(({ at }) => at === last).map((event) => event.says);
  return `Step ${last}: ${says.join(', ')}.`;
}
