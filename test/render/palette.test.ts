import { expect, test } from 'vitest';
import { pathwaySpecs } from '../../agent/pathways/registry.ts';
import {
  coloursOf,
  contrast,
  inkOf,
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

test('signed shares go from orange over the middle of the theme to blue', () => {
  expect([-2, -1, 0, 0.5, 1].map((share) => signedColour(share, 'light'))).toEqual([
    'rgb(213 94 0)',
    'rgb(213 94 0)',
    'rgb(240 240 236)',
    'rgb(120 177 207)',
    'rgb(0 114 178)',
  ]);
});
