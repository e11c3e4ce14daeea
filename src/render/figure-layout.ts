import { formatRange } from '../common/format.ts';
import type { Summary } from '../evaluate/summary.ts';

/** Size of the figure and of the margins around its panels, in pixels. */
export const FIGURE = { width: 720, height: 540, left: 56, top: 96, bottom: 56 };

/** Between the edge of the figure and its text. */
export const PAGE_MARGIN = 16;
/** Least distance between the names of two lines. */
const NAME_DISTANCE = 16;
/** Between the end of a line and its name. */
export const NAME_OFFSET = 10;
const LONGEST_NAME = 24;
/** A generous mean over the letters of a bold 12-pixel font, whichever the reader's machine has. */
const LETTER_WIDTH = 7.2;

/** A setting and its value in the name of an agent of a grid, such as `, learningRate 0.001`. */
const SETTING = /, [A-Za-z]\w* ((?:minus |no\. )?\S+)(?=, |$)/g;

/** A name as it is written next to its line: a long one without the names of settings, then cut off. */
export function shorten(label: string): string {
  if (label.length <= LONGEST_NAME) return label;
  const short = label.replace(SETTING, ', $1');
  return short.length > LONGEST_NAME ? `${short.slice(0, LONGEST_NAME - 1)}…` : short;
}

/** Room for names next to lines, and the margin of the page beyond them. */
export function namesWidth(labels: readonly string[]): number {
  const longest = Math.max(...labels.map((label) => shorten(label).length));
  return NAME_OFFSET + Math.ceil(longest * LETTER_WIDTH) + PAGE_MARGIN;
}

/** Width of the panels: what the names next to the lines leave. */
export function panelWidth({ agents }: Summary): number {
  return FIGURE.width - FIGURE.left - namesWidth(agents.map(({ label }) => label));
}

/**
 * Where to write the names of lines: at the right edge, as near to the end of each as the other names allow.
 * @param ends of the lines, in units of the vertical axis
 * @param axis its least and its greatest value
 * @param height of the panel in pixels
 */
export function namesBeside(
  ends: readonly { readonly label: string; readonly mean: number }[],
  [bottom, top]: readonly [number, number],
  height: number,
): { label: string; name: string; mean: number }[] {
  const perPixel = (top - bottom) / height;
  const ordered = [...ends].sort((a, b) => b.mean - a.mean);
  const offsets = spread(
    ordered.map(({ mean }) => (top - mean) / perPixel),
    NAME_DISTANCE,
    height,
  );
  return ordered.map(({ label }, i) => ({
    ...{ label, name: shorten(label) },
    mean: top - offsets[i]! * perPixel,
  }));
}

/** @param counts how many seeds the lines or their points stand for */
export function saySeeds(counts: readonly number[]): string {
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return 'One seed';
  const mean = `Mean of ${formatRange(fewest, most)} seeds`;
  return most < 3 ? `${mean}, too few for a band` : `${mean} with 95 % bootstrap band`;
}

/** Moves ascending positions apart to at least `distance` from each other, none beyond `limit` unless they do not all fit. */
export function spread(positions: readonly number[], distance: number, limit: number): number[] {
  const spaced: number[] = [];
  for (const position of positions) {
    spaced.push(Math.max(position, (spaced.at(-1) ?? Number.NEGATIVE_INFINITY) + distance));
  }
  let ceiling = Math.max(limit, (positions.length - 1) * distance);
  for (let k = spaced.length - 1; k >= 0; k--) {
    spaced[k] = Math.min(spaced[k]!, ceiling);
    ceiling = spaced[k]! - distance;
  }
  return spaced;
}
