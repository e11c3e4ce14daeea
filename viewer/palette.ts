/** As in the program's figures: known agents keep a colour of their own. Told apart by colour-blind readers. */
const KNOWN: Readonly<Record<string, string>> = {
  baseline: '#D55E00',
  nac: '#0072B2',
  'nac-stateless': '#009E73',
};
const OTHERS = ['#B8609A', '#C98A00', '#3C9BD0', '#7A4FBF', '#8C6D31'] as const;

/** A person's own colour. */
export const OWN_COLOUR = '#8A5CD0';

/** A colour for each agent: the first of its kind has the kind's own. */
export function coloursOf(agents: readonly { readonly pathway: string | null }[]): string[] {
  const taken = new Set<string>();
  return agents.map(({ pathway }) => {
    const own = KNOWN[pathway ?? ''];
    const free = OTHERS.find((colour) => !taken.has(colour))!;
    const colour = own === undefined || taken.has(own) ? free : own;
    taken.add(colour);
    return colour;
  });
}

/** The same hue, lighter, for thin lines on a dark ground. */
export function onGround(colour: string, theme: 'light' | 'dark'): string {
  if (theme === 'light') return colour;
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return `rgb(${parts.map((part) => Math.round(part + (255 - part) * 0.32)).join(' ')})`;
}

/** Red, green and blue of a signed share: −1 orange, 0 the ground, 1 blue. Told apart by colour-blind readers. */
export function signedColour(share: number, ground: readonly [number, number, number]): string {
  const end = share < 0 ? [213, 94, 0] : [0, 114, 178];
  const strength = Math.min(1, Math.abs(share));
  const mixed = ground.map((part, index) => Math.round(part + (end[index]! - part) * strength));
  return `rgb(${mixed.join(' ')})`;
}
