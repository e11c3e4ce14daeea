import { arriveAt } from './destination.ts';
import { type Episode, type Verdict, verdictOf } from './episode.ts';
import type { EpisodeClient } from './episode-client.ts';
import { chosenEpisode, type State } from './state.ts';
import type { Store } from './store.ts';

const MOST_TALLIED = 32;

/** What happens by itself: the next episode is fetched, endings are tallied, and the page goes where it was sent once that arrives. */
export function runStoreEffects(store: Store<State>, episodes: EpisodeClient): void {
  store.watch(
    ({ episode, revision }) => [episode, revision],
    ([episode]) => {
      const { loop, replay, seed, own } = store.state;
      if (episode === null || !episode.whole || loop || replay !== null || own !== null) return;
      episodes.prepare(chosenEpisode(store.state, seed + 1));
    },
  );

  const tallied = new WeakSet<Episode>();
  store.watch(
    ({ episode, moment }) => [episode, moment],
    ([episode, moment]) => {
      if (episode === null || !episode.whole || moment < episode.length) return;
      if (tallied.has(episode)) return;
      tallied.add(episode);
      store.update({ tally: withEndings(store.state.tally, episode) });
    },
  );

  store.watch(
    ({ moment, episode, branch, own, branching, revision }) => [
      ...([moment, episode, branch, own, branching, revision] as const),
    ],
    ([moment, episode, branch, own, branching]) => {
      const shown = [episode, branch, own].filter((one) => one !== null);
      const isLoading = shown.length === 0 || (branching !== null && branch === null);
      if (isLoading || !shown.every(({ whole }) => whole)) return;
      // An address can name a moment that the episode does not have, and a branch can be longer than the rest.
      const last = Math.max(...shown.map(({ length }) => length));
      if (moment > last) store.update({ moment: last });
    },
  );

  store.watch(
    ({ going, revision, episode, branch, own }) => [going, revision, episode, branch, own],
    ([going]) => {
      if (going === null) return;
      const arrived = arriveAt(going, store.state);
      if (arrived !== null) store.update(arrived);
      else episodes.fetchOn();
    },
  );
}

function withEndings(
  tally: ReadonlyMap<number, readonly Verdict[]>,
  episode: Episode,
): Map<number, readonly Verdict[]> {
  const changed = new Map(tally);
  for (const [pane, track] of episode.tracks) {
    const verdict = verdictOf(episode, track);
    if (pane === 'you' || track.isPerson || verdict === null) continue;
    changed.set(pane, [...(changed.get(pane) ?? []), verdict].slice(-MOST_TALLIED));
  }
  return changed;
}
