import type { State } from './state.ts';

/** Colours of the style sheet that are drawn with, too. */
const NAMES = [
  'ink',
  'quiet',
  'line',
  'edge',
  'track',
  'shade',
  'surface',
  'good',
  'good-bright',
  'off-bright',
] as const;
export type Inks = Readonly<Record<(typeof NAMES)[number] | 'font', string>>;

const known = new Map<State['theme'], Inks>();

/** The colours of a theme, which must be the one in force when it is first asked for. */
export function inksOf(theme: State['theme']): Inks {
  let inks = known.get(theme);
  if (inks === undefined) {
    const style = getComputedStyle(document.documentElement);
    const colours = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]);
    inks = {
      ...Object.fromEntries(colours),
      font: style.getPropertyValue('--font').trim(),
    } as Inks;
    known.set(theme, inks);
  }
  return inks;
}
