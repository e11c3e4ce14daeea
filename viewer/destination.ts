import type { Episode } from './episode.ts';
import type { Destination, State } from './state.ts';

/** How many steps before the end "the last steps" begin. */
export const LAST_STEPS = 20;

/**
 * What changes once a destination has arrived.
 * @returns null as long as steps up to there are missing
 */
export function arriveAt(
  destination: Destination,
  state: State,
): Pick<State, 'moment' | 'playing' | 'going'> | null {
  const shown = shownIn(state);
  const isLoading = state.branching !== null && state.branch === null;
  if (shown.length === 0 || isLoading) return null;
  const last = Math.max(...shown.map(({ length }) => length));
  const missing = shown.filter(({ whole }) => !whole);
  const arrived = missing.length === 0 ? last : Math.min(...missing.map(({ reach }) => reach));
  if ('beforeEnd' in destination) {
    if (missing.length > 0) return null;
    const moment = Math.max(0, last - destination.beforeEnd);
    return { moment, playing: destination.plays, going: null };
  }
  if (missing.length > 0 && arrived < destination.moment) return null;
  return { moment: Math.min(last, destination.moment), playing: false, going: null };
}

/** Steps that arrive before anybody would wait for them. */
export const SOON = 100;

/** How far the steps up to a destination have arrived. */
export interface Arriving {
  readonly arrived: number;
  /** About how many there will be; null: nobody knows. */
  readonly expected: number | null;
}

export function arriving(destination: Destination, state: State): Arriving {
  const missing = shownIn(state).filter(({ whole }) => !whole);
  const arrived = Math.min(...missing.map(({ reach }) => reach));
  const due = missing.map((episode) => episode.dueAt(Number.POSITIVE_INFINITY));
  const expected =
    'moment' in destination
      ? destination.moment
      : due.reduce((most, one) => (most === null || one === null ? null : Math.max(most, one)), 0);
  return { arrived: Number.isFinite(arrived) ? arrived : 0, expected: expected || null };
}

const shownIn = ({ episode, branch, own }: State): Episode[] =>
  [episode, branch, own].filter((one) => one !== null);
