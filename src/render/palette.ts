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
  '#A23B3B',
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

/** Ends of the scale for signed shares: −1 and 1. */
const SIGNED = { minus: '#D55E00', plus: '#0072B2' } as const;

/** The page's colours. The style sheet has them as custom properties of these names. */
export const THEMES = {
  light: {
    ...SIGNED,
    ground: '#f4f4f1',
    surface: '#ffffff',
    raised: '#ffffff',
    ink: '#1a1c1f',
    quiet: '#62676f',
    faint: '#9a9fa6',
    line: '#dfdfda',
    track: '#e8e8e4',
    edge: '#85898f',
    middle: '#f0f0ec',
    good: '#00795a',
    'good-bright': '#00a878',
    off: '#a86200',
    'off-bright': '#f0a020',
    gone: '#6b7078',
    'gone-bright': '#7a8087',
    shade: 'rgb(0 0 0 / 6%)',
  },
  dark: {
    ...SIGNED,
    ground: '#101214',
    surface: '#181b1e',
    raised: '#22262a',
    ink: '#eceef0',
    quiet: '#a0a6ae',
    faint: '#6d747c',
    line: '#2c3136',
    track: '#2a2f34',
    edge: '#6e757d',
    middle: '#2a2f34',
    good: '#3ecf9e',
    'good-bright': '#1fc492',
    off: '#f2b04a',
    'off-bright': '#f2a93b',
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
  never: 'gone',
  over: 'gone',
} as const;

/** An agent's colour for areas and thin lines: lighter on a dark ground. @param colour `#rrggbb` */
export function onGround(colour: string, theme: Theme): string {
  return theme === 'light' ? colour : mix(colour, '#ffffff', 0.32);
}

/** The contrast that small text needs by WCAG 2. */
const LEGIBLE = 4.5;

/** An agent's colour for text: on a light ground, as much darker as it takes to be read. @param colour `#rrggbb` */
export function inkOf(colour: string, theme: Theme): string {
  if (theme === 'dark') return onGround(colour, theme);
  for (let share = 0; share < 1; share += 0.04) {
    const ink = mix(colour, '#000000', share);
    if (contrast(ink, THEMES.light.ground) >= LEGIBLE) return ink;
  }
  return '#000000';
}

/** A signed share as a colour: −1 orange, 0 the middle of the scale, 1 blue. @returns `rgb(r g b)` */
export function signedColour(share: number, theme: Theme): string {
  const end = share < 0 ? SIGNED.minus : SIGNED.plus;
  return mix(THEMES[theme].middle, end, Math.min(1, Math.abs(share)));
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
