import {
  type Episode,
  excuseOf,
  FIRST_DIFFERENCE,
  firstDifference,
  type Track,
  verdictOf,
  verdictText,
} from './episode.ts';
import type { State } from './state.ts';

/** Above this speed, announcements would come too late. */
const FASTEST = 2;

interface Player {
  readonly title: string;
  readonly episode: Episode | null;
  readonly track: Track | undefined;
}

/**
 * The latest event by the moment on screen, for screen readers: an arrival, or the agents' first different action. Nothing while it
 * plays too fast.
 */
export function announcementOf(
  players: readonly Player[],
  { episode, moment, playing, speed }: State,
): string {
  if (playing && speed > FASTEST) return '';
  const difference = episode && firstDifference(episode);
  const events = players.flatMap(({ title, episode: own, track }) => {
    const verdict = track && own && verdictOf(own, track);
    if (!verdict) return [];
    const said = [verdictText(verdict), excuseOf(track)].filter(Boolean).join(', ');
    return [{ at: track.steps.length, text: `${title}: ${said}` }];
  });
  if (difference !== null) events.unshift({ at: difference, text: FIRST_DIFFERENCE });
  const past = events.filter(({ at }) => at <= moment);
  if (past.length === 0) return '';
  const last = Math.max(...past.map(({ at }) => at));
  const texts = past.filter(({ at }) => at === last).map((event) => event.text);
  return `Step ${last}: ${texts.join(', ')}.`;
}
