import { distance } from 'fastest-levenshtein';

/** The known name that a mistyped one most likely means; nothing where none is near. */
export function closestMatch(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 2)) + 1;
  for (const candidate of known) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  return best;
}

/** The end of a sentence about an unknown name: the closest match, else all that there is. */
export function suggestion(name: string, known: readonly string[], noun: string): string {
  const closest = closestMatch(name, known);
  if (closest !== undefined) return `did you mean "${closest}"?`;
  return known.length === 0 ? `there are no ${noun}` : `the ${noun} are ${known.join(', ')}`;
}
