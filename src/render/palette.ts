/** Agents that every report shows keep a colour of their own. Okabe and Ito's palette, told apart by colour-blind readers. */
const KNOWN: Readonly<Record<string, string>> = {
  baseline: '#D55E00',
  nac: '#0072B2',
  'nac-stateless': '#009E73',
  'nac-clock': '#B8609A',
};

/** For all others; darker where the palette's own tone is too faint for a thin line on white. */
const OTHERS = ['#7A4FBF', '#C98A00', '#3C9BD0', '#555555', '#8C6D31', '#A23B3B'] as const;

/**
 * A colour for each label, whatever their order: the known agents always have theirs, any other begins at a place its name decides
 * and takes the next free one, in the end one of a known agent that is not among them. Colours repeat only where there are more labels
 * than colours.
 */
export function colourByLabel(labels: readonly string[]): Map<string, string> {
  const colours = new Map<string, string>();
  const unused = Object.keys(KNOWN).filter((label) => !labels.includes(label));
  const spare = unused.map((label) => KNOWN[label]!);
  const free = new Set<string>([...OTHERS, ...spare]);
  for (const label of [...new Set(labels)].sort()) {
    if (free.size === 0) for (const colour of [...OTHERS, ...spare]) free.add(colour);
    const start = hash(label) % OTHERS.length;
    const wanted = [...OTHERS.slice(start), ...OTHERS.slice(0, start), ...spare];
    const colour = KNOWN[label] ?? wanted.find((candidate) => free.has(candidate))!;
    free.delete(colour);
    colours.set(label, colour);
  }
  return colours;
}

function hash(text: string): number {
  let value = 0;
  for (const character of text) value = (value * 31 + character.codePointAt(0)!) >>> 0;
  return value;
}
