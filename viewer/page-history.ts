import { writeAddress } from './address.ts';
import { type Commands, hasMoves } from './commands.ts';
import { HistoryEntries } from './history-entries.ts';
import { openAddress } from './open-address.ts';
import type { State } from './state.ts';
import type { Store } from './store.ts';

/** Keeps the address as the page is, and lets Back and Forward lead through the episodes that were chosen. */
export function keepHistory(store: Store<State>, commands: Commands): void {
  const entries = new HistoryEntries();
  store.watch(
    (state) => [state.world === null || state.episode === null ? null : writeAddress(state)],
    ([address]) => {
      // Browsers limit how often a page may write its address, so no step is written during playback.
      if (address === null) return;
      if (entries.enter(store.state, performance.now()))
        window.history.pushState(null, '', address);
      else window.history.replaceState(null, '', address);
    },
  );
  window.addEventListener('popstate', () => {
    const { search } = window.location;
    // The browser has gone already: until a person's play may end, it comes back.
    if (hasMoves(store.state)) window.history.pushState(null, '', writeAddress(store.state));
    commands.unlessPlayed(() => {
      entries.leave();
      openAddress(search, store, commands);
    });
  });
  window.addEventListener('beforeunload', (event) => {
    if (hasMoves(store.state)) event.preventDefault();
  });
}
