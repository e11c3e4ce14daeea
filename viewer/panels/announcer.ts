import { element, setText } from '../dom.ts';
import { FIRST_DIFFERENCE, firstDifference, sayVerdict, verdictOf } from '../episode.ts';
import type { State } from '../state.ts';
import type { PaneFace } from './pane.ts';

/** Faster than this, words would come too late. */
const FASTEST_TOLD = 2;

/** Tells screen readers what happens on screen: who has come in, and where the agents first differ. */
export class Announcer {
  readonly root = element('p', { class: 'heard', role: 'status' });

  show(faces: readonly PaneFace[], state: State): void {
    setText(this.root, newsOf(faces, state));
  }
}

/** The latest that has happened by the moment on screen; nothing where that goes by too fast. */
export function newsOf(
  faces: readonly Pick<PaneFace, 'title' | 'episode' | 'track'>[],
  { episode, moment, playing, speed }: State,
): string {
  if (playing && speed > FASTEST_TOLD) return '';
  const difference = episode && firstDifference(episode);
  const events = faces.flatMap(({ title, episode: own, track }) => {
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
