/**
 * Every colour of the figures and of the page but those that pathways bring themselves. Agents have colours of Okabe and Ito's
 * palette, which colour-blind readers can tell apart.
 */

/** For agents whose pathway has no colour; darker where the palette's own tone is too faint for a thin line on white. */
export const SPARE_COLOURS = [
  '#7A4FBF',
  '#C98A00',
  '#3C9BD0',
  '#555555',
  '#8C6D31',
  '#2F6F8F',
] as const;

/** The colour of a person who plays; on the page no agent has it. */
export const PERSON_COLOUR = SPARE_COLOURS[0];

/** A colour for each agent side by side: the first with a pathway of that colour has it. */
export function coloursOf(agents: readonly { readonly colour: string | null }[]): string[] {
  const [, ...others] = SPARE_COLOURS;
  const taken = new Set<string>();
  return agents.map(({ colour: own }) => {
    const free = others.find((colour) => !taken.has(colour)) ?? others[0]!;
    const colour = own === null || taken.has(own) ? free : own;
    taken.add(colour);
    return colour;
  });
}

/** The weights of the last accumulator that numbers pass through, and of those before it, such as a clock. */
export const CELL_COLOURS = { last: '#0072B2', before: '#D55E00' } as const;

/** What is not data in a figure. */
export const FIGURE_COLOURS = {
  ink: '#1f2328',
  quiet: '#656d76',
  faint: '#d8dee4',
  shade: '#6e7f91',
} as const;

export type Theme = 'light' | 'dark';

/**
 * The page's colours. The style sheet has them as custom properties of these names. A hue means one agent, or `good`: the number asked
 * for and arriving exactly then. All else is without hue, so that nothing has the colour of an agent by accident.
 */
export const THEMES = {
  light: {
    ground: '#f4f4f1',
    surface: '#ffffff',
    raised: '#ffffff',
    ink: '#1a1c1f',
    quiet: '#62676f',
    faint: '#85898f',
    line: '#dfdfda',
    track: '#e8e8e4',
    edge: '#85898f',
    middle: '#f0f0ec',
    good: '#00795a',
    'good-bright': '#00956a',
    off: '#1a1c1f',
    'off-bright': '#1a1c1f',
    gone: '#6b7078',
    'gone-bright': '#7a8087',
    shade: 'rgb(0 0 0 / 6%)',
  },
  dark: {
    ground: '#101214',
    surface: '#181b1e',
    raised: '#22262a',
    ink: '#eceef0',
    quiet: '#a0a6ae',
    faint: '#737a82',
    line: '#2c3136',
    track: '#2a2f34',
    edge: '#6e757d',
    middle: '#2a2f34',
    good: '#3ecf9e',
    'good-bright': '#1fc492',
    off: '#eceef0',
    'off-bright': '#eceef0',
    gone: '#8b929a',
    'gone-bright': '#8b929a',
    shade: 'rgb(255 255 255 / 6%)',
  },
} as const satisfies Record<Theme, Record<string, string>>;

/** Which of the page's colours a verdict has. */
export const VERDICT_COLOURS = {
  exact: 'good',
  early: 'off',
  late: 'off',
  wrong: 'off',
  never: 'gone',
  over: 'gone',
} as const;

/** The contrasts that marks and small text need by WCAG 2. */
const VISIBLE = 3;
const LEGIBLE = 4.5;
/** How much lighter every agent's colour is in the dark. */
const LIGHTER = 0.32;

/** An agent's colour for areas and thin lines, on whatever the page has below them. @param colour `#rrggbb` */
export const onGround = (colour: string, theme: Theme): string =>
  standOut(colour, theme, VISIBLE, THEMES[theme].track);

/** An agent's colour for text. @param colour `#rrggbb` */
export const inkOf = (colour: string, theme: Theme): string =>
  standOut(colour, theme, LEGIBLE, theme === 'light' ? THEMES.light.ground : THEMES.dark.surface);

/** A colour that is as much darker, or lighter in the dark, as it takes. */
function standOut(colour: string, theme: Theme, least: number, ground: string): string {
  const [from, towards] = theme === 'light' ? [0, '#000000'] : [LIGHTER, '#ffffff'];
  for (let share = from; share < 1; share += 0.04) {
    const changed = share === 0 ? colour : mix(colour, towards, share);
    if (contrast(changed, ground) >= least) return changed;
  }
  return towards;
}

/** A signed share as a colour: −1 the theme's ink, 0 the middle of the scale, 1 the colour given. @returns `rgb(r g b)` */
export function signedColour(share: number, theme: Theme, plus: string): string {
  const { middle, ink } = THEMES[theme];
  return mix(middle, share < 0 ? ink : plus, Math.min(1, Math.abs(share)));
}

/** How far two colours are apart in lightness, 1 to 21, by WCAG 2. @param one @param other `#rrggbb` or `rgb(r g b)` */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = partsOf(colour).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @returns `rgb(r g b)` */
function mix(from: string, to: string, share: number): string {
  const end = partsOf(to);
  const parts = partsOf(from).map((part, i) => Math.round(part + (end[i]! - part) * share));
  return `rgb(${parts.join(' ')})`;
}

/** Red, green and blue, 0 to 255. */
function partsOf(colour: string): number[] {
  if (!colour.startsWith('#')) return colour.match(/\d+/g)!.map(Number);
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
