import { THEMES, type Theme } from '../src/render/palette.ts';
import type { State } from './state.ts';
import type { Store } from './store.ts';

/** The font of everything that is drawn; the style sheet has it as `--font`. */
export const FONT =
  'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif';

const STORAGE_KEY = 'timegrid-theme';
const system = window.matchMedia('(prefers-color-scheme: dark)');
const systemTheme = (): Theme => (system.matches ? 'dark' : 'light');

/** Gives the style sheet its colours and its font. */
function apply(theme: Theme): void {
  const { dataset, style } = document.documentElement;
  dataset.theme = theme;
  style.setProperty('--font', FONT);
  for (const [name, colour] of Object.entries(THEMES[theme]))
    style.setProperty(`--${name}`, colour);
}

/** The theme to begin with: the one chosen here before, or the system's. Applied at once, so that nothing flashes. */
export function firstTheme(): Theme {
  const kept = localStorage.getItem(STORAGE_KEY);
  const theme = kept === 'dark' || kept === 'light' ? kept : systemTheme();
  apply(theme);
  return theme;
}

/** Makes the page follow the theme in the store, which follows the system until a person chooses another. */
export function keepTheme(store: Store<State>): void {
  store.watch(
    ({ theme }) => [theme],
    ([theme]) => {
      apply(theme);
      if (theme === systemTheme()) localStorage.removeItem(STORAGE_KEY);
      else localStorage.setItem(STORAGE_KEY, theme);
    },
  );
  system.addEventListener('change', () => {
    localStorage.removeItem(STORAGE_KEY);
    store.update({ theme: systemTheme() });
  });
}
