import { expect, test } from 'vitest';
import { pathwaySpecs } from '../../agent/pathways/registry.ts';
import {
  coloursOf,
  contrast,
  inkOf,
  onGround,
  PERSON_COLOUR,
  signedColour,
  THEMES,
} from '../../src/render/palette.ts';

const own = pathwaySpecs().map(({ colour = null }) => ({ colour }));
const agents = [...own, ...own.slice(0, 1), { colour: null }, { colour: null }];

test('agents side by side have different colours, and none has the colour of a person', () => {
  const colours = [...coloursOf(agents), PERSON_COLOUR];
  expect(new Set(colours).size).toBe(colours.length);
  expect(coloursOf(agents).slice(0, own.length)).toEqual(own.map(({ colour }) => colour));
});

test('every name can be read on either ground', () => {
  for (const colour of [...coloursOf(agents), PERSON_COLOUR]) {
    expect(contrast(inkOf(colour, 'light'), THEMES.light.ground)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(inkOf(colour, 'dark'), THEMES.dark.surface)).toBeGreaterThanOrEqual(4.5);
  }
});

test('every mark stands out from whatever it is drawn on', () => {
  for (const theme of ['light', 'dark'] as const) {
    const { ground, surface, track, raised, ...rest } = THEMES[theme];
    const { ink, quiet, faint, edge, good, off, gone } = rest;
    const marks = [
      ink,
      quiet,
      faint,
      edge,
      rest['good-bright'],
      rest['off-bright'],
      rest['gone-bright'],
    ];
    for (const mark of marks)
      for (const below of [ground, surface])
        expect(contrast(mark, below), `${mark} on ${below}`).toBeGreaterThanOrEqual(3);
    for (const text of [ink, quiet, good, off, gone])
      for (const below of [ground, surface, raised])
        expect(contrast(text, below), `${text} on ${below}`).toBeGreaterThanOrEqual(4.5);
    for (const colour of [...coloursOf(agents), PERSON_COLOUR])
      for (const below of [ground, surface, track])
        expect(contrast(onGround(colour, theme), below)).toBeGreaterThanOrEqual(3);
  }
});

test('no colour of an agent means anything else', () => {
  const hues = Object.values(THEMES).flatMap(Object.values);
  for (const colour of coloursOf(agents)) expect(hues).not.toContain(colour);
  for (const theme of ['light', 'dark'] as const) expect(THEMES[theme].off).toBe(THEMES[theme].ink);
});

test("signed shares go from the theme's ink over the middle to an agent's colour", () => {
  const shares = [-2, -1, 0, 0.5, 1];
  expect(shares.map((share) => signedColour(share, 'light', '#0072B2'))).toEqual([
    'rgb(26 28 31)',
    'rgb(26 28 31)',
    'rgb(240 240 236)',
    'rgb(120 177 207)',
    'rgb(0 114 178)',
  ]);
});
