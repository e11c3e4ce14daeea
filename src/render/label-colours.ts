import { pathwaySpecs } from '../../agent/pathways/registry.ts';
import { SPARE_COLOURS } from './palette.ts';

/**
 * A colour for each label, whatever their order. A known agent always has its own. Any other takes the first free one, beginning
 * at a place that its name decides, and in the end that of a known agent that is not among them. Colours repeat only where there
 * are more labels than colours.
 */
export function colourByLabel(labels: readonly string[]): Map<string, string> {
  const colours = new Map<string, string>();
  const own = new Map(
    pathwaySpecs().flatMap(({ id, colour }) => (colour ? [[id, colour] as const] : [])),
  );
  const spare = [...own].flatMap(([id, colour]) => (labels.includes(id) ? [] : [colour]));
  const free = new Set<string>([...SPARE_COLOURS, ...spare]);
  for (const label of [...new Set(labels)].sort()) {
    if (free.size === 0) for (const colour of [...SPARE_COLOURS, ...spare]) free.add(colour);
    const start = hash(label) % SPARE_COLOURS.length;
    const wanted = [...SPARE_COLOURS.slice(start), ...SPARE_COLOURS.slice(0, start), ...spare];
    const colour = own.get(label) ?? wanted.find((candidate) => free.has(candidate))!;
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
