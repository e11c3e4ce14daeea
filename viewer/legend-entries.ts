import type { WorldInfo } from '../src/watch/protocol.ts';

/** Something in a world's picture, and its colour for CSS. */
export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
}

/** The ground is what is left, and needs no name. */
const UNNAMED = new Set(['ground', 'background']);

/** What the colours of a world mean, by the names of its options: `targetColour` is the colour of the target. */
export function legendOf({ options }: Pick<WorldInfo, 'options'>): LegendEntry[] {
  return Object.entries(options).flatMap(([option, value]) => {
    const [, stem] = /^(.+)Colou?r$/.exec(option) ?? [];
    if (stem === undefined || !isRgb(value)) return [];
    const name = stem.replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, ' ').toLowerCase();
    return UNNAMED.has(name) ? [] : [{ name, colour: `rgb(${value.join(' ')})` }];
  });
}

function isRgb(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    value.every((part) => typeof part === 'number' && part >= 0 && part <= 255)
  );
}
