/** As in the program's figures: known agents keep a colour of their own. Told apart by colour-blind readers. */
const KNOWN: Readonly<Record<string, string>> = {
  baseline: '#D55E00',
  nac: '#0072B2',
  'nac-stateless': '#009E73',
  'nac-clock': '#B8609A',
};
const OTHERS = ['#C98A00', '#3C9BD0', '#7A4FBF', '#8C6D31'] as const;

/** A person's own colour. */
export const OWN_COLOUR = '#8A5CD0';

/** A colour for each agent: the first of its kind has the kind's own. */
export function coloursOf(agents: readonly { readonly pathway: string | null }[]): string[] {
  const taken = new Set<string>();
  return agents.map(({ pathway }) => {
    const own = KNOWN[pathway ?? ''];
    const free = OTHERS.find((colour) => !taken.has(colour)) ?? OTHERS[0];
    const colour = own === undefined || taken.has(own) ? free : own;
    taken.add(colour);
    return colour;
  });
}

/** The same hue for areas and thin lines: lighter on a dark ground. */
export function onGround(colour: string, theme: 'light' | 'dark'): string {
  return theme === 'light' ? colour : mixed(colour, 255, 0.32);
}

/** The same hue for text: as much darker on a light ground as it takes to be read there, by WCAG 2's measure. */
export function inkOf(colour: string, theme: 'light' | 'dark'): string {
  if (theme === 'dark') return onGround(colour, theme);
  for (let share = 0; share < 1; share += 0.04) {
    const ink = mixed(colour, 0, share);
    if (contrast(ink, LIGHT_GROUND) >= LEGIBLE) return ink;
  }
  return mixed(colour, 0, 1);
}

/** The page's light ground, as in the style sheet, and the contrast that small text needs. */
const LIGHT_GROUND = 'rgb(244 244 241)';
const LEGIBLE = 4.5;

/** @param colour `#rrggbb` @param grey 0 to 255 */
function mixed(colour: string, grey: number, share: number): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return `rgb(${parts.map((part) => Math.round(part + (grey - part) * share)).join(' ')})`;
}

/** How far two colours are apart in lightness, 1 to 21. @param one @param other `rgb(r g b)` */
export function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = colour.match(/\d+/g)!.map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Red, green and blue of a signed share: −1 orange, 0 the ground, 1 blue. Told apart by colour-blind readers. */
export function signedColour(share: number, ground: readonly [number, number, number]): string {
  const end = share < 0 ? [213, 94, 0] : [0, 114, 178];
  const strength = Math.min(1, Math.abs(share));
  const mixed = ground.map((part, index) => Math.round(part + (end[index]! - part) * strength));
  return `rgb(${mixed.join(' ')})`;
}

/** The middle of a signed colour scale. */
export function groundOf(theme: 'light' | 'dark'): readonly [number, number, number] {
  return theme === 'dark' ? [42, 47, 52] : [240, 240, 236];
}
