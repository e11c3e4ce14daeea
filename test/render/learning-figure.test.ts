import { expect, it } from 'vitest';
import { colourByLabel } from '../../src/render/label-colours.ts';
import { drawLearningFigure, type LearningCurve } from '../../src/render/learning-figure.ts';

const settings = ['A world', 10] as const;

/** A training that learns from 0 to 10, a little differently for each seed. */
function curve(label: string, seed: number): LearningCurve {
  const points = Array.from({ length: 200 }, (_, i) => ({
    frames: (i + 1) * 5000,
    reward: Math.min(10, i * 0.08 + seed * 0.3),
  }));
  return { label, points };
}

const lines = (svg: string): string[] =>
  svg.match(
    /<path aria-label="[^"]*" role="graphics-symbol" aria-roledescription="line mark"[^>]*>/g,
  ) ?? [];

it('draws a line for each agent in its colour, from nothing to the last frame', async () => {
  const svg = await drawLearningFigure([curve('baseline', 1), curve('nac', 1)], ...settings);
  const colours = colourByLabel(['baseline', 'nac']);
  const drawn = lines(svg);
  expect(drawn).toHaveLength(2);
  for (const [i, label] of ['baseline', 'nac'].entries()) {
    expect(drawn[i]).toContain(`stroke="${colours.get(label)}"`);
    const heights = [...drawn[i]!.matchAll(/[ML][\d.]+,([\d.]+)/g)].map(([, y]) => Number(y));
    expect(heights).toHaveLength(50);
    expect(heights.toSorted((a, b) => b - a)).toEqual(heights);
    expect(svg).toContain(`>${label}</text>`);
  }
  expect(svg).toContain('>A world</text>');
  expect(svg).toContain('One seed');
});

it('takes the seeds of an agent together, with a band', async () => {
  const svg = await drawLearningFigure(
    [1, 2, 3].map((seed) => curve('nac', seed)),
    ...settings,
  );
  expect(lines(svg)).toHaveLength(1);
  expect(svg).toContain('Mean of 3 seeds with 95 % bootstrap band');
  expect(svg).toContain('aria-roledescription="area mark"');
});

it('is not thrown by a stretch in which no episode ended', async () => {
  const { label, points } = curve('nac', 1);
  const svg = await drawLearningFigure([{ label, points: points.slice(150) }], ...settings);
  expect(lines(svg)).toHaveLength(1);
  expect(svg).not.toContain('NaN');
});
