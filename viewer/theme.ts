import type { State } from './state.ts';
import type { Store } from './store.ts';

type Theme = State['theme'];

const KEPT_AS = 'timegrid-theme';
const system = window.matchMedia('(prefers-color-scheme: dark)');
const systemTheme = (): Theme => (system.matches ? 'dark' : 'light');

/** The theme to begin with: the one chosen here before, or the system's. Takes effect at once, so that nothing flashes. */
export function firstTheme(): Theme {
  const kept = localStorage.getItem(KEPT_AS);
  const theme = kept === 'dark' || kept === 'light' ? kept : systemTheme();
  document.documentElement.dataset.theme = theme;
  return theme;
}

/** From now on the page follows the theme in the store; that follows the system until a person chooses another. */
export function keepTheme(store: Store<State>): void {
  store.watch(
    ({ theme }) => [theme],
    ([theme]) => {
      document.documentElement.dataset.theme = theme;
      if (theme === systemTheme()) localStorage.removeItem(KEPT_AS);
      else localStorage.setItem(KEPT_AS, theme);
    },
  );
  system.addEventListener('change', () => {
    localStorage.removeItem(KEPT_AS);
    store.update({ theme: systemTheme() });
  });
}
